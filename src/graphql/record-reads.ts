import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import {
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isAbstractType,
  isListType,
  isObjectType,
} from 'graphql'
import {
  ARTICLE_CHANGES,
  ARTICLES,
  COMMENTS,
  commentsOf,
  type Dependency,
  EVERYTHING,
  REFERENCE_DETAILS,
  REFERENCE_NAMES,
  type Reads,
} from '../read-cache/reads.ts'
import type { Context } from './context.ts'

declare global {
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      recordReads: RecordReads<Types>
    }
  }
}

/** What the value of a field depends on, besides the rows that it returns. */
type DependenciesOf<Parent = never, Args = never> = (parent: Parent, args: Args) => readonly Dependency[]

/** The options of a field whose value depends on more than its type and its parent say. */
export function dependsOn<Parent, Args>(dependencies: DependenciesOf<Parent, Args>) {
  return { extensions: { dependsOn: dependencies } }
}

/** The options of a field of Article that changes with its comments. */
export const onOwnComments = dependsOn((article: { id: string }) => [commentsOfRow(article)])

/** Without the id, it is not known which article it is. */
function commentsOfRow({ id }: { id?: unknown }): Dependency {
  return typeof id === 'string' ? commentsOf(id) : COMMENTS
}

/**
 * Records what a query reads: each article that it returns, and what its lists depend on. A field of Query that this
 * plugin does not know depends on everything.
 */
class RecordReads<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(resolver: Resolver<Types>, field: PothosOutputFieldConfig<Types>): Resolver<Types> {
    const { parentType, extensions, kind } = field
    const given = extensions?.dependsOn as DependenciesOf | undefined
    if (kind === 'Mutation' || kind === 'Subscription') return resolver
    if (!given && !returnsObjects(field.type) && kind !== 'Query') return resolver
    const parentModel = this.#modelOf(parentType)
    let rule: FieldRule | null = null
    return (parent, args, context, info) => {
      const { recordedReads: reads } = context as Partial<Context>
      if (!reads) return resolver(parent, args, context, info)
      rule ??= given
        ? { ...ruleOf(parentModel, info.returnType), given }
        : ruleOf(parentModel, info.returnType)
      // First: it refuses invalid arguments, and a promise of the resolver would be rejected unheard.
      addAll(reads, rule.given ? rule.given(parent as never, args as never) : rule.always)
      if (rule.onCommentsOfParent) reads.add(commentsOfRow(parent as object))
      return recordResult(rule, reads, resolver(parent, args, context, info))
    }
  }

  /** The Prisma model of a type; "Query" for the root, null for a type without a model. */
  #modelOf(type: string): string | null {
    if (type === 'Query') return 'Query'
    const { extensions } = this.buildCache.getTypeConfig(type)
    return (extensions?.pothosPrismaModel as string | undefined) ?? null
  }
}

type Resolver<Types extends SchemaTypes> = GraphQLFieldResolver<unknown, Types['Context'], object>

export const recordReads = 'recordReads'

SchemaBuilder.registerPlugin(recordReads, RecordReads)

/** What is recorded when a field is resolved. */
export interface FieldRule {
  /** Whatever the field returns. */
  always: readonly Dependency[]
  /** If the field returns null. */
  ifNull: readonly Dependency[]
  /** Whether each returned row is an article. The rows of a connection are recorded by its edges. */
  areArticles: boolean
  /** Whether the field depends on the comments of its parent, an article. */
  onCommentsOfParent: boolean
  given?: DependenciesOf
}

/** Models whose rows are a part of one article, and change with it. */
const PARTS_OF_ARTICLES: ReadonlySet<string> = new Set([
  'Article',
  'ArticleEntity',
  'Block',
  'Correction',
  'Embed',
  'Image',
  'ImageUse',
  'Mention',
  'Quotation',
])

/** Models that many articles share. */
const REFERENCE_MODELS: ReadonlySet<string> = new Set([
  'Affiliation',
  'Entity',
  'ExternalId',
  'Guideline',
  'Name',
  'Topic',
])

const NAMED_MODELS: ReadonlySet<string> = new Set(['Entity', 'Topic'])

/** The rule of a field. @param parent the model of its type, or "Query" */
export function ruleOf(parent: string | null, type: GraphQLOutputType): FieldRule {
  const { model, isList, isAbstract, isConnection } = returnedBy(type)
  const isRoot = parent === 'Query'
  const rule = { always: [] as Dependency[], ifNull: [] as Dependency[] }
  const areArticles = model === 'Article' && !isConnection
  const result = { ...rule, areArticles, onCommentsOfParent: false }
  if (model !== null && NAMED_MODELS.has(model)) result.always.push(REFERENCE_NAMES)
  // A list of articles may be filtered by a slug, and by the place of a topic in the tree.
  if (isRoot && isList && model === 'Article') result.always.push(REFERENCE_NAMES)
  // Only topics with visible articles are listed.
  if (isRoot && isList && model === 'Topic') result.always.push(ARTICLES)
  const isPart = parent !== null && PARTS_OF_ARTICLES.has(parent)
  if (model === null) {
    if (isRoot) result.always.push(...EVERYTHING)
    result.areArticles = isRoot && isAbstract && !isConnection
  } else if (model === 'Comment') {
    if (parent === 'Article') result.onCommentsOfParent = true
    else if (isRoot) result.always.push(COMMENTS)
  } else if (PARTS_OF_ARTICLES.has(model)) {
    const isOwn = isPart && model !== 'Article'
    if (!isOwn) (isList ? result.always : result.ifNull).push(ARTICLES)
  } else if (REFERENCE_MODELS.has(model)) {
    if (!isPart) (isList ? result.always : result.ifNull).push(REFERENCE_DETAILS)
  } else {
    result.always.push(...EVERYTHING)
  }
  return result
}

/** The model of the rows that a field returns, through lists and connections. */
function returnedBy(type: GraphQLOutputType) {
  const named = getNamedType(type)
  const { edges } = isObjectType(named) ? named.getFields() : {}
  const edge = edges && getNamedType(edges.type)
  const { node } = isObjectType(edge) ? edge.getFields() : {}
  const row = node ? getNamedType(node.type) : named
  const model = (row.extensions?.pothosPrismaModel as string | undefined) ?? null
  return {
    model,
    isList: node !== undefined || isListType(getNullableType(type)),
    isAbstract: isAbstractType(row),
    isConnection: node !== undefined,
  }
}

interface FieldType {
  kind: string
  /** Of a list: the type of its items. */
  type?: FieldType
}

function returnsObjects({ kind, type }: FieldType): boolean {
  return type ? returnsObjects(type) : !['Scalar', 'Enum'].includes(kind)
}

function recordResult(rule: FieldRule, reads: Reads, value: unknown): unknown {
  if (!rule.areArticles && rule.ifNull.length === 0) return value
  if (!(value instanceof Promise)) {
    recordRows(rule, reads, value)
    return value
  }
  return value.then((resolved) => {
    recordRows(rule, reads, resolved)
    return resolved
  })
}

function recordRows(rule: FieldRule, reads: Reads, value: unknown): void {
  if (value == null) {
    addAll(reads, rule.ifNull)
  } else if (!rule.areArticles) {
    return
  } else if (Array.isArray(value)) {
    for (const each of value) recordRows(rule, reads, each)
  } else {
    const { id } = value as { id?: unknown }
    reads.add(typeof id === 'string' ? id : ARTICLE_CHANGES)
  }
}

function addAll(reads: Reads, dependencies: readonly Dependency[]): void {
  for (const dependency of dependencies) reads.add(dependency)
}
