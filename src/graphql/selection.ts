import {
  type DocumentNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isCompositeType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { isKnownSubscription, printedId } from './known-documents.ts'

/** Extension of fields whose value depends on the viewer and not only on the role. */
export const DEPENDS_ON_VIEWER = 'dependsOnViewer'

const WITHIN_ARTICLE = 'withinArticle'

/** Marks a type whose objects belong to one article, and become invisible only with it: `extensions: OF_ONE_ARTICLE`. */
export const OF_ONE_ARTICLE = { [WITHIN_ARTICLE]: true } as const

const BEYOND_ARTICLE = 'beyondArticle'

/** Marks a field of an article, or of something in it, that returns other articles: `extensions: OF_OTHER_ARTICLES`. */
export const OF_OTHER_ARTICLES = { [BEYOND_ARTICLE]: true } as const

/** Properties of a subscription document that decide how its results can be shared. */
export interface Selection {
  /** Whether the value of a field depends on the viewer. */
  dependsOnViewer: boolean
  /**
   * Whether results contain only the article, its own fields and its comments: nothing that a change of
   * another article could make invisible.
   */
  staysWithinArticle: boolean
  /** The variables that it uses, except one that is only the cursor. */
  variables: string[]
  /** Equal for all documents that differ only in white space, commas and comments. */
  id: string
  /** Whether it is one of the documents in schema/operations. */
  isKnownDocument: boolean
}

const known = new WeakMap<DocumentNode, Map<string | null, Selection>>()

/** Analyses a document once: parsed documents are cached, so equal texts have the same document object. */
export function selectionOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null,
): Selection {
  const selections = known.get(document) ?? new Map<string | null, Selection>()
  known.set(document, selections)
  const selection = selections.get(operationName) ?? read(schema, document, operationName)
  selections.set(operationName, selection)
  return selection
}

function read(schema: GraphQLSchema, document: DocumentNode, operationName: string | null): Selection {
  let dependsOnViewer = false
  let staysWithinArticle = true
  const uses = new Map<string, number>()
  const types = new TypeInfo(schema)
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: () => {
        const extensions = types.getFieldDef()?.extensions
        dependsOnViewer ||= extensions?.[DEPENDS_ON_VIEWER] === true
        staysWithinArticle &&=
          isWithinArticle(types.getParentType()) &&
          isWithinArticle(types.getType()) &&
          extensions?.[BEYOND_ARTICLE] !== true
      },
      Variable: ({ name }, _key, parent) => {
        if (parent && 'kind' in parent && parent.kind === Kind.VARIABLE_DEFINITION) return
        uses.set(name.value, (uses.get(name.value) ?? 0) + 1)
      },
    }),
  )
  const cursor = cursorVariableOf(document, operationName)
  const id = printedId(document)
  return {
    dependsOnViewer,
    staysWithinArticle,
    variables: [...uses]
      .filter(([name, times]) => name !== cursor || times > 1)
      .map(([name]) => name)
      .sort(),
    id,
    isKnownDocument: isKnownSubscription(id),
  }
}

/** Whether values of a type belong to one article; plain values belong to the object that they are read from. */
function isWithinArticle(type: GraphQLOutputType | null | undefined): boolean {
  const named = getNamedType(type)
  return isCompositeType(named) ? named.extensions[WITHIN_ARTICLE] === true : true
}

/** The variable used as "after" in the operation's only root field. */
function cursorVariableOf(document: DocumentNode, operationName: string | null): string | null {
  const [root] = getOperationAST(document, operationName)?.selectionSet.selections ?? []
  if (root?.kind !== Kind.FIELD) return null
  const value = root.arguments?.find(({ name }) => name.value === 'after')?.value
  return value?.kind === Kind.VARIABLE ? value.name.value : null
}
