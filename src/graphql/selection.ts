import { hash } from 'node:crypto'
import {
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { isKnownDocument } from './known-documents.ts'

/** The extension that marks a field whose value depends on which viewer asks, not only on their role. */
export const DEPENDS_ON_VIEWER = 'dependsOnViewer'

/** What decides, of a subscription to a comment feed, with whom it can be shared. */
export interface Selection {
  /** True when some field's value is the viewer's own. */
  dependsOnViewer: boolean
  /**
   * True when results hold nothing but comments of the story that the feed is of, and the story's own values:
   * nothing that another story could take back.
   */
  staysWithinArticle: boolean
  /** The variables that it uses, but for the one that carries the cursor and nothing else. */
  variables: string[]
  /** The same for all documents that differ in white space, commas and comments only. */
  id: string
  /** Whether it is one of the documents in schema/operations. */
  isKnownDocument: boolean
}

/** The types of whose fields results are made that stay at the story; of the story itself, its values. */
const ARTICLE_TYPES = new Set([
  'Subscription',
  'CommentFeedEvent',
  'CommentApproved',
  'CommentRetracted',
  'FeedReset',
  'Comment',
  'Author',
  'Article',
  'Node',
])

const known = new WeakMap<DocumentNode, Map<string | null, Selection>>()

/** Reads a document once; parsed documents are cached, so the same text is the same document. */
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
        dependsOnViewer ||= types.getFieldDef()?.extensions[DEPENDS_ON_VIEWER] === true
        staysWithinArticle &&= ARTICLE_TYPES.has(types.getParentType()?.name ?? '')
      },
      Variable: ({ name }, _key, parent) => {
        if (parent && 'kind' in parent && parent.kind === Kind.VARIABLE_DEFINITION) return
        uses.set(name.value, (uses.get(name.value) ?? 0) + 1)
      },
    }),
  )
  const cursor = cursorVariableOf(document, operationName)
  const id = idOf(document)
  return {
    dependsOnViewer,
    staysWithinArticle,
    variables: [...uses]
      .filter(([name, times]) => name !== cursor || times > 1)
      .map(([name]) => name)
      .sort(),
    id,
    isKnownDocument: isKnownDocument(id, idOf),
  }
}

function idOf(document: DocumentNode): string {
  return hash('sha256', print(document), 'base64')
}

/** The variable given as "after" to the operation's only root field. */
function cursorVariableOf(document: DocumentNode, operationName: string | null): string | null {
  const [root] = getOperationAST(document, operationName)?.selectionSet.selections ?? []
  if (root?.kind !== Kind.FIELD) return null
  const value = root.arguments?.find(({ name }) => name.value === 'after')?.value
  return value?.kind === Kind.VARIABLE ? value.name.value : null
}
