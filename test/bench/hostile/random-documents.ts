import {
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql'
import type { Random } from './random.ts'
import { randomJson, randomText } from './random-json.ts'

export interface RandomOperation {
  query: string
  /** JSON. */
  variables: string
}

/** Operations that a schema allows, more or less, of random size. */
export class RandomDocuments {
  readonly #schema: GraphQLSchema
  readonly #random: Random
  #fieldsLeft = 0
  #textLeft = 0
  #aliases = 0
  #definitions: string[] = []
  #variables: string[] = []
  #fragments: { name: string; type: string }[] = []

  constructor(schema: GraphQLSchema, random: Random) {
    this.#schema = schema
    this.#random = random
  }

  /** @param bytes how much the document and its variables may take together */
  operation(bytes: number, kinds: readonly ('query' | 'mutation' | 'subscription')[]): RandomOperation {
    const random = this.#random
    this.#fieldsLeft = 1 + random.size(600)
    this.#textLeft = Math.floor(bytes / 3)
    this.#definitions = []
    this.#variables = []
    this.#fragments = []
    const kind = random.pick(kinds)
    const body = this.#selection(this.#schema.getRootType(kind as never) as GraphQLNamedType, 0)
    const fragments = this.#fragments.map(({ name, type }) => {
      this.#fieldsLeft += 3
      return `fragment ${name} on ${type} ${this.#selection(this.#schema.getType(type) as GraphQLNamedType, 4)}`
    })
    const declared = this.#definitions.length > 0 ? `(${this.#definitions.join(' ')})` : ''
    return {
      query: [`${kind} Q${declared} ${body}`, ...fragments].join(' '),
      variables: `{${this.#variables.join(',')}}`,
    }
  }

  #selection(type: GraphQLNamedType, depth: number): string {
    const random = this.#random
    const parts: string[] = []
    const fields = 'getFields' in type ? Object.values(type.getFields()) : []
    const count = 1 + random.size(depth === 0 ? 60 : 25)
    for (let i = 0; i < count && this.#fieldsLeft > 0; i++) {
      this.#fieldsLeft -= 1
      const field = random.pick(fields)
      if (!field || random.chance(0.08)) {
        parts.push(this.#spread(type, depth))
        continue
      }
      // Fields of one name with other arguments are refused: mostly each has a name of its own.
      this.#aliases += 1
      const alias = random.chance(0.8)
        ? `a${this.#aliases}: `
        : random.chance(0.3)
          ? `a${random.below(60)}: `
          : ''
      const inner = getNamedType(field.type as GraphQLOutputType)
      const below = isCompositeType(inner) ? ` ${this.#below(inner, depth)}` : ''
      const directive = random.chance(0.03) ? ' @include(if: true)' : ''
      parts.push(
        `${alias}${field.name}${this.#arguments('args' in field ? field.args : [])}${directive}${below}`,
      )
    }
    return `{ ${parts.join(' ') || '__typename'} }`
  }

  #below(type: GraphQLNamedType, depth: number): string {
    if (depth > 16 || this.#fieldsLeft <= 0) return '{ __typename }'
    return this.#selection(type, depth + 1)
  }

  #spread(type: GraphQLNamedType, depth: number): string {
    const target = isAbstractType(type) ? this.#random.pick(this.#schema.getPossibleTypes(type)) : type
    if (this.#random.chance(0.5)) return `... on ${target.name} ${this.#below(target, depth)}`
    const known = this.#fragments.filter((each) => each.type === target.name)
    if (known.length > 0 && this.#random.chance(0.7)) return `...${this.#random.pick(known).name}`
    const name = `F${this.#fragments.length}`
    if (this.#fragments.length > 40) return '__typename'
    this.#fragments.push({ name, type: target.name })
    return `...${name}`
  }

  #arguments(args: readonly GraphQLArgument[]): string {
    const backwards = this.#random.chance(0.2)
    const unwanted = this.#random.chance(0.97)
      ? backwards
        ? /^(?:first|after)$/
        : /^(?:last|before)$/
      : /^$/
    const given = args.filter(
      (argument) =>
        isRequiredArgument(argument) ||
        (!unwanted.test(argument.name) &&
          this.#random.chance(/^(?:after|before)$/.test(argument.name) ? 0.05 : 0.4)),
    )
    if (given.length === 0) return ''
    return `(${given.map((argument) => `${argument.name}: ${this.#argument(argument.type)}`).join(', ')})`
  }

  #argument(type: GraphQLInputType): string {
    if (this.#random.chance(0.6) || this.#variables.length > 60) return this.#value(type, 0, false)
    const name = `v${this.#variables.length}`
    this.#definitions.push(`$${name}: ${type}`)
    this.#variables.push(`"${name}":${this.#value(type, 0, true)}`)
    return `$${name}`
  }

  /** A value that fits mostly, as it is written in a document or in JSON. */
  #value(type: GraphQLInputType, depth: number, json: boolean): string {
    const random = this.#random
    if (isNonNullType(type)) return this.#value(type.ofType, depth, json)
    if (json && random.chance(0.03)) return randomJson(random, this.#take(random.size(30_000)))
    if (isListType(type)) {
      const count = random.size(depth > 2 ? 3 : 300)
      return `[${Array.from({ length: count }, () => this.#value(type.ofType, depth + 1, json)).join(',')}]`
    }
    if (isInputObjectType(type)) {
      const all = Object.values(type.getFields())
      const given = all.filter((field) => isRequiredInputField(field) || random.chance(depth > 3 ? 0.1 : 0.4))
      const quote = json ? '"' : ''
      return `{${given.map(({ name, type: inner }) => `${quote}${name}${quote}:${this.#value(inner, depth + 1, json)}`).join(',')}}`
    }
    if (isEnumType(type)) {
      const { name } = random.pick(type.getValues())
      return json ? `"${name}"` : name
    }
    return this.#scalar(type.name)
  }

  #scalar(name: string): string {
    const random = this.#random
    if (name === 'Int')
      return String(random.pick(random.chance(0.9) ? [1, 2, 5, 10, 20] : [0, 100, 101, -1, 2_147_483_647]))
    if (name === 'Float') return String(random.number() * 1e9)
    if (name === 'Boolean') return String(random.chance(0.5))
    if (name === 'DateTime' && random.chance(0.7)) return `"20${10 + random.below(89)}-01-01T00:00:00Z"`
    return JSON.stringify(randomText(random, this.#take(random.size(2_000))))
  }

  #take(bytes: number): number {
    const taken = Math.min(bytes, this.#textLeft)
    this.#textLeft -= taken
    return taken
  }
}

const tokens =
  '{ } ( ) [ ] : ! $ @ ... | & = " """ # , \n query fragment on mutation null true 0 1e9 \u0000 \ufeff \\u{'.split(
    ' ',
  )

/** A document with a few pieces taken away, repeated, exchanged or put in. */
export function mutated(random: Random, document: string, bytes: number): string {
  let text = document
  for (let i = 1 + random.below(4); i > 0; i--) {
    const from = random.below(text.length + 1)
    const piece = text.slice(from, from + 1 + random.size(400))
    const rest = text.slice(from + piece.length)
    const room = Math.max(0, bytes - Buffer.byteLength(text))
    switch (random.below(4)) {
      case 0:
        text = text.slice(0, from) + rest
        break
      case 1:
        text =
          text.slice(0, from) +
          piece.repeat(1 + random.size(room / Math.max(1, Buffer.byteLength(piece)))) +
          rest
        break
      case 2:
        text = text.slice(0, from) + random.pick(tokens).repeat(random.size(room / 4)) + text.slice(from)
        break
      default:
        text = rest + piece + text.slice(0, from)
    }
  }
  while (Buffer.byteLength(text) > bytes) text = text.slice(0, Math.floor(text.length * 0.9))
  return text
}
