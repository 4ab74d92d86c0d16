import type { Coverage } from '../../syndication/coverage.ts'

/** The coverage of a licence as text: one line, and one line for each warning. */
export function coverageText({ articles, images, inForce, warnings }: Coverage): string {
  const covered = `The licence covers ${count(articles, 'article')} and ${count(images, 'image')} now.`
  const lines = [
    inForce ? covered : 'The licence is not in force now: it covers nothing.',
    ...warnings.map(({ message }) => `Warning: ${message}`),
  ]
  return `${lines.join('\n')}\n`
}

function count(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : `${noun}s`}`
}
