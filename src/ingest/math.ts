import { isElement, type PageNode } from './dom.ts'
import { subscriptDigits, superscript } from './raised.ts'

/** The text of a `<math>` in one line: `E=mc²`. White space between MathML elements has no meaning. */
export function mathText(node: PageNode): string {
  if (!isElement(node)) return node.nodeType === 3 ? (node.textContent ?? '').trim() : ''
  const tag = node.tagName.toUpperCase()
  if (tag.startsWith('ANNOTATION')) return ''
  if (tag === 'MSPACE') return ' '
  const parts = [...node.childNodes].map(mathText).filter((part) => part !== '')
  const [first = '', second = '', third = ''] = parts
  if (tag === 'MSUP') return first + superscript(second)
  if (tag === 'MSUBSUP') return first + second + superscript(third)
  if (tag === 'MFRAC') return fraction(first, second)
  if (tag === 'MSQRT') return `√${grouped(parts.join(''))}`
  return parts.join(tag === 'MTR' || tag === 'MTABLE' ? ' ' : '')
}

function fraction(above: string, below: string): string {
  if (/^\d+$/.test(above + below)) return `${superscript(above)}⁄${subscriptDigits(below)}`
  return `${grouped(above)}/${grouped(below)}`
}

function grouped(text: string): string {
  return /^[\p{L}\p{N}]+$/u.test(text) ? text : `(${text})`
}
