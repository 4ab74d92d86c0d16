import type { TypedDocumentNode } from '@graphql-typed-document-node/core'

/** A document in the bundle: it has an id in place of its text. */
type Known<Data, Variables> = TypedDocumentNode<Data, Variables> & { documentId?: string }

/** Why a request failed. */
export type Failure =
  /** No answer: no network, or no gateway. */
  | 'UNREACHABLE'
  /** The gateway does not answer pages of this origin. */
  | 'ORIGIN_REFUSED'
  /** The gateway has a newer version, which does not know this widget. */
  | 'OUTDATED'
  /** The token was refused. */
  | 'NOT_SIGNED_IN'
  | 'FORBIDDEN'
  | 'RATE_LIMITED'
  | 'NOT_FOUND'
  | 'FAILED'

export class GatewayError extends Error {
  readonly failure: Failure
  /** The seconds to wait before the next attempt, if the gateway gave them. */
  readonly retryAfter: number | null

  constructor(failure: Failure, message: string, retryAfter: number | null = null) {
    super(message)
    this.failure = failure
    this.retryAfter = retryAfter
  }
}

/** Requests to the API of one gateway. */
export class Gateway {
  /** The address of the gateway, with a slash at the end. */
  readonly base: string

  constructor(base: string) {
    this.base = base
  }

  get socketAddress(): string {
    return this.#address('graphql').replace(/^http/, 'ws')
  }

  /** Sends a query without a token: by GET, so that browsers need no preflight request and caches can answer. */
  async query<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables) {
    const parameters = new URLSearchParams({
      documentId: idOf(document),
      variables: JSON.stringify(variables),
    })
    return this.#fetch<Data>(`graphql?${parameters}`, { headers: ACCEPT, cache: 'no-cache' })
  }

  /** Sends an operation with a token. */
  async send<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    token: string,
  ): Promise<Data> {
    return this.#fetch<Data>('graphql', {
      method: 'POST',
      headers: { ...ACCEPT, 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ documentId: idOf(document), variables }),
    })
  }

  /** The sample identities of a gateway in development. */
  async sampleIdentities(): Promise<{ role: string; name: string; token: string }[]> {
    const response = await fetch(this.#address('sample-identities'))
    return response.ok ? await response.json() : []
  }

  async #fetch<Data>(path: string, init: RequestInit): Promise<Data> {
    const response = await fetch(this.#address(path), init).catch(async () => {
      throw await this.#connectionError()
    })
    const { data, errors } = await resultOf<Data>(response)
    if (data && !errors?.length) return data
    throw errorOf(response, errors?.[0])
  }

  /** Browsers do not say whether there was no answer or the gateway refused the origin. */
  async #connectionError(): Promise<GatewayError> {
    const isRunning = await fetch(this.#address('health/live'), { mode: 'no-cors' }).catch(() => null)
    if (!isRunning) return new GatewayError('UNREACHABLE', 'The gateway cannot be reached.')
    console.error(
      `dateline-comments: the gateway ${this.base} refuses pages of ${location.origin}. Add this origin to the setting ORIGINS of the gateway.`,
    )
    return new GatewayError('ORIGIN_REFUSED', 'The gateway refuses this origin.')
  }

  #address(path: string): string {
    return new URL(path, this.base).href
  }
}

const ACCEPT = { accept: 'application/graphql-response+json, application/json' }

export function idOf<Data, Variables>(document: Known<Data, Variables>): string {
  return document.documentId ?? ''
}

interface ResultError {
  message: string
  extensions?: { code?: string; retryAfter?: number }
}

async function resultOf<Data>(
  response: Response,
): Promise<{ data?: Data | null; errors?: readonly ResultError[] }> {
  try {
    return await response.json()
  } catch {
    return {}
  }
}

const FAILURES: Readonly<Record<string, Failure>> = {
  PERSISTED_QUERY_NOT_FOUND: 'OUTDATED',
  DOCUMENT_NOT_PERSISTED: 'OUTDATED',
  NOT_SIGNED_IN: 'NOT_SIGNED_IN',
  TOKEN_EXPIRED: 'NOT_SIGNED_IN',
  FORBIDDEN: 'FORBIDDEN',
  RATE_LIMITED: 'RATE_LIMITED',
  NOT_FOUND: 'NOT_FOUND',
  INVALID_INPUT: 'NOT_FOUND',
}

/** The failure that an error of the API stands for. */
export function failureOf(code: string | undefined): Failure {
  return FAILURES[code ?? ''] ?? 'FAILED'
}

function errorOf(response: Response, error: ResultError | undefined): GatewayError {
  const seconds = error?.extensions?.retryAfter ?? Number(response.headers.get('retry-after') ?? Number.NaN)
  const failure = response.status === 401 ? 'NOT_SIGNED_IN' : failureOf(error?.extensions?.code)
  return new GatewayError(
    failure === 'FAILED' && response.status === 429 ? 'RATE_LIMITED' : failure,
    error?.message ?? `The gateway responded with ${response.status}.`,
    Number.isFinite(seconds) ? seconds : null,
  )
}
