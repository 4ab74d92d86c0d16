import { hasRole, type Viewer } from '../../auth/viewer.ts'
import { DomainError } from '../../base/errors.ts'
import { LruCache } from '../../base/lru-cache.ts'
import type { Config } from '../../config/config.ts'
import { textId } from '../../graphql/known-documents.ts'
import type { PersistedDocuments } from '../../graphql/persisted-documents.ts'
import { badRequest } from './bad-request.ts'
import { type NamingParams, requestedId, textIn, unknownDocument } from './document-id.ts'

/** Bytes of all automatic documents, and of one entry beside its text. */
const MAX_AUTOMATIC_BYTES = 10_000_000
const ENTRY_BYTES = 300

/**
 * The documents of requests, by name or as text, for all transports: persisted documents, and automatic ones, which
 * clients have sent with their hash before.
 */
export class RequestedDocuments {
  readonly persisted: PersistedDocuments
  readonly #policy: Config['documents']
  readonly #automatic: LruCache<string, string>

  /** @param maxBytes the limit of automatic documents, of which the least recently used ones are dropped */
  constructor(persisted: PersistedDocuments, policy: Config['documents'], maxBytes = MAX_AUTOMATIC_BYTES) {
    this.persisted = persisted
    this.#policy = policy
    // A string takes up to two bytes for each UTF-16 code unit.
    this.#automatic = new LruCache(maxBytes, (_key, text) => 2 * text.length + ENTRY_BYTES)
  }

  /**
   * The parameters with the text of the document, without its id. Parameters without an id are returned as they are.
   * @throws GraphQLError for an id that is unknown, not valid, or not of the text that was sent
   */
  resolve<Params extends NamingParams>(params: Params): Params {
    const id = requestedId(params)
    if (id === null) return params
    const { documentId: _, doc_id: __, ...others } = params
    const sent = textIn(params)
    if (sent === null) {
      const query = this.#textOf(id.key)
      if (query === undefined) throw unknownDocument(id)
      return { ...others, query } as Params
    }
    if (typeof sent === 'string' && id.key !== textId(sent) && this.persisted.textOf(id.key) !== sent) {
      throw badRequest('The id of the document is not the SHA-256 of the query.')
    }
    return others as Params
  }

  /** The text that a request sends or names; null if there is none. */
  textFor(params: NamingParams): string | null {
    const sent = textIn(params)
    if (sent !== null) return typeof sent === 'string' ? sent : null
    try {
      const { query } = this.resolve(params)
      return typeof query === 'string' ? query : null
    } catch {
      return null
    }
  }

  /** Keeps the text of a valid document, if it was sent with its hash. */
  keep({ query, extensions }: NamingParams): void {
    const id = requestedId({ extensions })
    if (id === null || typeof query !== 'string' || this.#textOf(id.key) !== undefined) return
    if (id.key === textId(query)) this.#automatic.set(id.key, query)
  }

  /** Whether everybody may send this text. */
  isOpen(text: unknown): boolean {
    return this.#policy === 'any' || typeof text !== 'string' || this.persisted.includesText(text)
  }

  /** Why a viewer may not send a text; null if it may. */
  refusalFor(viewer: Viewer, text: unknown): DomainError | null {
    return this.isOpen(text) || maySendAny(viewer) ? null : new DocumentNotPersisted()
  }

  #textOf(key: string): string | undefined {
    return this.persisted.textOf(key) ?? this.#automatic.get(key)
  }
}

/** Staff and partners may send any document. Anyone can become a reader, so readers may not. */
function maySendAny(viewer: Viewer): boolean {
  return viewer.role === 'partner' || hasRole(viewer, 'moderator')
}

class DocumentNotPersisted extends DomainError {
  constructor() {
    super(
      'DOCUMENT_NOT_PERSISTED',
      'This gateway executes only persisted documents for readers and anonymous clients. Send the id of a persisted ' +
        'document, or its exact text.',
    )
  }
}
