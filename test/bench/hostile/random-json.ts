import type { Random } from './random.ts'

const pieces = [
  'a',
  'ab ',
  '"',
  '\\',
  '\u0000',
  '\u0301',
  '\u200d',
  '\u202e',
  '\ud83d\udc69',
  '\ud800',
  '%',
  '_',
  "'",
  '\n',
  '0',
  '-',
  '.',
  '<a>',
  '(((',
  'https://',
  '2019-01-01T00:00:00Z',
]

/** A text of up to so many bytes as JSON, mostly one piece repeated. */
export function randomText(random: Random, bytes: number): string {
  const piece = random.pick(pieces)
  const step = Buffer.byteLength(JSON.stringify(piece))
  const count = random.size(Math.floor(bytes / step))
  if (random.chance(0.7)) return piece.repeat(count)
  return Array.from({ length: Math.floor(count / 6) }, () => random.pick(pieces)).join('')
}

/** JSON of about so many bytes: wide, deep, long or mixed. */
export function randomJson(random: Random, bytes: number, depth = 0): string {
  if (bytes < 20 || depth > 40) return leaf(random, Math.max(bytes, 4))
  switch (random.below(depth === 0 ? 5 : 6)) {
    case 0:
      return object(random, bytes, depth)
    case 1:
      return list(random, bytes, depth)
    case 2:
      return deep(random, bytes)
    case 3:
      return repeatedKey(random, bytes)
    case 4:
      return object(random, bytes, depth)
    default:
      return leaf(random, bytes)
  }
}

function leaf(random: Random, bytes: number): string {
  switch (random.below(6)) {
    case 0:
      return 'null'
    case 1:
      return String(random.chance(0.5))
    case 2:
      return `${random.below(9)}${'0'.repeat(random.chance(0.2) ? bytes : 0)}`.replace(/^0+(?=.)/, '1')
    case 3:
      return `${random.number() * 1e6}e${random.below(400)}`
    default:
      return JSON.stringify(randomText(random, bytes))
  }
}

function object(random: Random, bytes: number, depth: number): string {
  const inner = share(random, bytes)
  return `{${parts(bytes, (i) => `"${key(random, i)}":${randomJson(random, inner, depth + 1)}`)}}`
}

function list(random: Random, bytes: number, depth: number): string {
  const inner = share(random, bytes)
  return `[${parts(bytes, () => randomJson(random, inner, depth + 1))}]`
}

function deep(random: Random, bytes: number): string {
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['[[{"id":', '}]]'],
  ])
  const count = random.size(Math.floor(bytes / ((open as string).length + (close as string).length)))
  return `${(open as string).repeat(count)}1${(close as string).repeat(count)}`
}

function repeatedKey(random: Random, bytes: number): string {
  const name = key(random, 0)
  return `{${parts(bytes, () => `"${name}":1`)}}`
}

/** How much of an object each of its values may take. */
const share = (random: Random, bytes: number) => Math.floor(bytes / (1 + random.size(bytes / 8)))

const key = (random: Random, i: number) =>
  random.pick([`k${i}`, `k${i}`, `${i}`, 'id', 'name', '__proto__', 'constructor', 'toString', 'length'])

function parts(bytes: number, part: (i: number) => string): string {
  const all: string[] = []
  for (let size = 0, i = 0; ; i++) {
    const next = part(i)
    size += Buffer.byteLength(next) + 1
    if (size > bytes) return all.join(',')
    all.push(next)
  }
}
