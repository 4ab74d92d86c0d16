import graphqlEslint from '@graphql-eslint/eslint-plugin'
import { Linter } from 'eslint'
import {
  type ASTNode,
  buildASTSchema,
  type DocumentNode,
  GraphQLError,
  parse,
  type ValidationRule,
  validate,
  visit,
} from 'graphql'
import schemaLinter, { type Rule } from 'graphql-schema-linter'
import errorClass from 'graphql-schema-linter/lib/validation_error.js'
import { coordinateAt } from './coordinates.ts'

/** A place in the schema that breaks a rule. */
export interface Finding {
  readonly rule: string
  /** The schema coordinate: `Article`, `Article.comments`, `Article.comments(first:)`, `Role.ADMIN`. */
  readonly element: string
  readonly message: string
}

/** By rule of graphql-eslint: its options. */
export type RuleOptions = ReadonlyMap<string, object>

const PREFIX = '@graphql-eslint/'
const { configs: presets, parser, rules: eslintRules } = graphqlEslint

/** The rules of graphql-eslint for schemas and for Relay, without prefix, as its presets configure them. */
const eslintPresets = new Map(
  Object.entries({ ...presets['flat/schema-all'].rules, ...presets['flat/schema-relay'].rules }).map(
    ([name, setting]) => [name.slice(PREFIX.length), setting],
  ),
)

/** The names of all rules of both linters. */
export function ruleNames(): string[] {
  return [...eslintPresets.keys(), ...schemaLinterRules().map(({ name }) => kebabCase(name))]
}

/** Runs graphql-eslint's rules for schemas and for Relay, and the rules of graphql-schema-linter. */
export function lint(sdl: string, options: RuleOptions): Finding[] {
  const document = parse(sdl)
  return [...withEslint(sdl, document, options), ...withSchemaLinter(document)]
}

function withEslint(sdl: string, document: DocumentNode, options: RuleOptions): Finding[] {
  const rules = [...eslintPresets].map(([name, preset]) => {
    const own = options.get(name)
    return [PREFIX + name, own ? ['error', own] : preset]
  })
  const messages = new Linter({ configType: 'flat' }).verify(
    sdl,
    {
      files: ['**/*.graphql'],
      languageOptions: { parser, parserOptions: { schemaSdl: sdl } },
      plugins: { '@graphql-eslint': { rules: eslintRules } },
      rules: Object.fromEntries(rules),
    },
    'schema.graphql',
  )
  const lines = sdl.split('\n')
  return messages.map(({ ruleId, message, line, column }) => {
    if (!ruleId) throw new Error(`graphql-eslint: ${message}`)
    const offset = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0) + column - 1
    return {
      rule: ruleId.slice(PREFIX.length),
      element: coordinateAt(document, offset),
      message: message.replaceAll(/\s+/g, ' '),
    }
  })
}

/**
 * Runs the rules of graphql-schema-linter without its own runner. They were written for graphql-js 16, and need two
 * things that graphql-js 17 no longer has: an array for every empty list of a node, and the nodes of an error as an
 * argument of its constructor.
 */
function withSchemaLinter(document: DocumentNode): Finding[] {
  const complete = visit(document, { enter: withArrays })
  const found = validate(buildASTSchema(document), complete, schemaLinterRules().map(runnable), {
    maxErrors: Number.MAX_SAFE_INTEGER,
  })
  return found.map((error) => {
    if (!(error instanceof LocatedError)) throw error
    const element = coordinateAt(document, error.positions?.[0] ?? 0)
    return { rule: error.rule, element, message: error.message }
  })
}

class LocatedError extends GraphQLError {
  readonly rule: string

  constructor(rule: string, message: string, nodes: readonly ASTNode[]) {
    super(message, { nodes })
    this.rule = rule
  }
}

const configuration = new schemaLinter.configuration.Configuration({ definition: '', sourceMap: null })
errorClass.ValidationError = LocatedError

function schemaLinterRules(): readonly Rule[] {
  return configuration.getAllRules()
}

function runnable(rule: Rule): ValidationRule {
  return (context) => (rule.length === 2 ? rule(configuration, context) : rule(context))
}

const LISTS: Readonly<Record<string, readonly string[]>> = {
  Directive: ['arguments'],
  FieldDefinition: ['arguments', 'directives'],
  InputValueDefinition: ['directives'],
  EnumValueDefinition: ['directives'],
  ObjectTypeDefinition: ['fields', 'interfaces', 'directives'],
  InterfaceTypeDefinition: ['fields', 'interfaces', 'directives'],
  InputObjectTypeDefinition: ['fields', 'directives'],
  EnumTypeDefinition: ['values', 'directives'],
  UnionTypeDefinition: ['types', 'directives'],
  ScalarTypeDefinition: ['directives'],
}

function withArrays(node: ASTNode): ASTNode {
  const empty = (LISTS[node.kind] ?? []).map((name) => [name, []])
  return { ...Object.fromEntries(empty), ...withoutUndefined(node) } as ASTNode
}

function withoutUndefined(node: ASTNode): object {
  return Object.fromEntries(Object.entries(node).filter(([, value]) => value !== undefined))
}

function kebabCase(name: string): string {
  return name.replaceAll(/(?<=.)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()
}
