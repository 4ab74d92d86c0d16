import { parseGlobalId } from './ids.ts'
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from './limits.ts'
import { OF_ONE_ARTICLE } from './selection.ts'

/** Descriptions and options of nodes and connections, after the Relay server specification. */
export const relayOptions = {
  cursorType: 'String',
  decodeGlobalID: parseGlobalId,
  nodesQueryOptions: false,
  nodeQueryOptions: {
    description: 'Fetches an object by its id.',
    args: { id: { description: 'The id of an object.' } },
  },
  nodeTypeOptions: { description: 'An object with an id.', extensions: OF_ONE_ARTICLE },
  // Mutations have no clientMutationId: current clients do not need it.
  clientMutationId: 'omit',
  mutationInputArgOptions: { description: 'The input of the mutation.' },
  idFieldOptions: { description: 'The globally unique id of the object. It never changes.' },

  defaultConnectionTypeOptions: { description: 'A connection to a list of items.' },
  defaultEdgeTypeOptions: { description: 'An edge in a connection.' },
  edgesFieldOptions: {
    nullable: false,
    description: 'A list of edges.',
    // The connection counts its page size already.
    complexity: { field: 0, multiplier: 1 },
  },
  nodeFieldOptions: { nullable: false, description: 'The item at the end of the edge.' },
  cursorFieldOptions: { description: 'A cursor for use in pagination.' },
  pageInfoFieldOptions: { description: 'Information to aid in pagination.' },

  pageInfoTypeOptions: { description: 'Information about pagination in a connection.' },
  hasNextPageFieldOptions: { description: 'When paginating forwards, are there more items?' },
  hasPreviousPageFieldOptions: { description: 'When paginating backwards, are there more items?' },
  startCursorFieldOptions: {
    description: 'When paginating backwards, the cursor to continue. Null on an empty page.',
  },
  endCursorFieldOptions: {
    description: 'When paginating forwards, the cursor to continue. Null on an empty page.',
  },

  firstArgOptions: {
    description: `Returns the first *n* items. Default ${DEFAULT_PAGE_SIZE}, maximum ${MAX_PAGE_SIZE}.`,
  },
  lastArgOptions: { description: `Returns the last *n* items. Maximum ${MAX_PAGE_SIZE}.` },
  afterArgOptions: { description: 'Returns items after this cursor.' },
  beforeArgOptions: { description: 'Returns items before this cursor.' },
} as const
