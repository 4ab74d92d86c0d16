import { parseGlobalId } from './ids.ts'
import { DEFAULT_PAGE, MAX_PAGE } from './limits.ts'

/** How nodes and connections look, as Relay's server specification has them. */
export const relayOptions = {
  cursorType: 'String',
  decodeGlobalID: parseGlobalId,
  nodesQueryOptions: false,
  nodeQueryOptions: {
    description: 'Anything with an id, if you may see it.',
    args: { id: { description: 'The id of anything.' } },
  },
  nodeTypeOptions: { description: 'Anything that can be read again by its id.' },
  idFieldOptions: { description: 'Never changes, and is unique among all types: see Query.node.' },

  defaultConnectionTypeOptions: { description: 'One page of a list.' },
  defaultEdgeTypeOptions: { description: 'One item of a page.' },
  edgesFieldOptions: {
    nullable: false,
    description: 'The items of the page, in the order of the list.',
    // The connection counts its page size already.
    complexity: { field: 0, multiplier: 1 },
  },
  nodeFieldOptions: { nullable: false, description: 'The item itself.' },
  cursorFieldOptions: { description: 'The place of the item: pass it as "after" or "before".' },
  pageInfoFieldOptions: { description: 'Where the page stands in the list.' },

  pageInfoTypeOptions: { description: 'Where a page stands in its list.' },
  hasNextPageFieldOptions: { description: 'Whether the list goes on after this page.' },
  hasPreviousPageFieldOptions: { description: 'Whether there is something before this page.' },
  startCursorFieldOptions: { description: 'Of the first item; null on an empty page.' },
  endCursorFieldOptions: { description: 'Of the last item; null on an empty page.' },

  firstArgOptions: {
    description: `So many from the start, or behind "after"; ${DEFAULT_PAGE} by default, at most ${MAX_PAGE}.`,
  },
  lastArgOptions: { description: `So many from the end, or ahead of "before"; at most ${MAX_PAGE}.` },
  afterArgOptions: { description: 'The cursor that the page begins behind.' },
  beforeArgOptions: { description: 'The cursor that the page ends ahead of.' },
} as const
