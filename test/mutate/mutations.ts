import { parseAst } from 'vitest/node'

/** One small change of a file's text. */
export interface Mutation {
  start: number
  end: number
  replacement: string
  /** What it does, for the report. */
  name: string
}

interface Node {
  type: string
  start: number
  end: number
  [key: string]: unknown
}

const OPERATORS: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '==': '!=',
  '!=': '==',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '&&': '||',
  '||': '&&',
  '??': '&&',
}

/** Every mutation of a TypeScript file, in the order of the text: conditions, operators, numbers, statements. */
export function mutationsOf(text: string): Mutation[] {
  const found: Mutation[] = []
  visit(parseAst(text, { lang: 'ts' }) as unknown as Node, (node) => found.push(...mutate(node, text)))
  return found.sort((a, b) => a.start - b.start)
}

export function applied(text: string, { start, end, replacement }: Mutation): string {
  return text.slice(0, start) + replacement + text.slice(end)
}

function mutate(node: Node, text: string): Mutation[] {
  const replace = ({ start, end }: Node, replacement: string, name: string) => [
    { start, end, replacement, name },
  ]
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression':
      return swapped(node, text)
    case 'IfStatement':
    case 'ConditionalExpression': {
      const test = node.test as Node
      return [...replace(test, 'true', 'always true'), ...replace(test, 'false', 'always false')]
    }
    case 'Literal':
      if (typeof node.value === 'number') return replace(node, `${node.value + 1}`, `${node.value} + 1`)
      if (typeof node.value === 'boolean') return replace(node, `${!node.value}`, `${!node.value}`)
      return []
    case 'UpdateExpression':
      return replace(
        node,
        text.slice(node.start, node.end).replace(/\+\+|--/, turned),
        'counts the other way',
      )
    case 'ExpressionStatement':
      return /^['"]use /.test(text.slice(node.start, node.end)) ? [] : replace(node, ';', 'statement removed')
    default:
      return []
  }
}

function turned(operator: string): string {
  return operator === '++' ? '--' : '++'
}

function swapped(node: Node, text: string): Mutation[] {
  const operator = node.operator as string
  const replacement = OPERATORS[operator]
  if (!replacement) return []
  const from = (node.left as Node).end
  const start = text.indexOf(operator, from)
  return [{ start, end: start + operator.length, replacement, name: `${operator} becomes ${replacement}` }]
}

/** Calls back for every node that is run; types are not. */
function visit(node: Node, onNode: (node: Node) => void): void {
  if (node.type.startsWith('TS') && !/^TS(?:As|NonNull|Satisfies)/.test(node.type)) return
  if (node.type === 'ImportDeclaration') return
  onNode(node)
  for (const child of Object.values(node).flat()) {
    if (typeof child === 'object' && child !== null && 'type' in child) visit(child as Node, onNode)
  }
}
