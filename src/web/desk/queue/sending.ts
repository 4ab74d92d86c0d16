import {
  ApproveCommentsDocument,
  type DecisionOutcomeFragment,
  RejectCommentsDocument,
} from '../../../../schema/documents.ts'
import { PostError, post } from '../shell/post.ts'
import type { WaitingComment } from './filter.ts'

/** What the moderator decided. */
export type Verdict = { kind: 'approve' } | { kind: 'reject'; guidelines: readonly string[]; note: string }

/** The answer for one comment, or why there is none. */
export type Outcome = DecisionOutcomeFragment | { __typename: 'Unsent'; code: string; message: string }

/** Comments per request: the maximum of the API. */
const PART_SIZE = 100

/** If the gateway can't be reached, the request is sent again after these times, in ms: decisions may be repeated. */
const RETRY_AFTER_MS = [1_000, 3_000, 8_000]

/** Browsers finish requests of at most 64 KiB together after a page was closed; a part is for the headers. */
export const MAX_KEPT_BYTES = 56 * 1024

/** The bytes of a request besides its variables. */
const REQUEST_BYTES = 300

/** The bytes of the requests that the browser finishes even if the page is closed. */
let keptBytes = 0

/** The bytes of requests that the browser still accepts for that. */
export const keptRoom = (): number => MAX_KEPT_BYTES - keptBytes

/** The decisions of one request. */
export class Part {
  readonly comments: readonly WaitingComment[]
  readonly bytes: number
  readonly #verdict: Verdict
  #answers: Promise<readonly Outcome[]> | null = null

  constructor(comments: readonly WaitingComment[], verdict: Verdict) {
    this.comments = comments
    this.#verdict = verdict
    const content = JSON.stringify([comments.map(({ id }) => id), verdict])
    this.bytes = REQUEST_BYTES + new TextEncoder().encode(content).length
  }

  get isStarted(): boolean {
    return this.#answers !== null
  }

  /** Sends the request; once, even if it is called again. */
  answers(): Promise<readonly Outcome[]> {
    this.#answers ??= this.#send()
    return this.#answers
  }

  async #send(): Promise<readonly Outcome[]> {
    try {
      return await withRetries(() => this.#sendKept())
    } catch (error) {
      const { code, message } = error as PostError
      return this.comments.map(() => ({ __typename: 'Unsent', code, message }))
    }
  }

  async #sendKept(): Promise<readonly Outcome[]> {
    const keepalive = this.bytes <= keptRoom()
    if (keepalive) keptBytes += this.bytes
    try {
      return await sendDecisions(this.comments, this.#verdict, keepalive)
    } finally {
      if (keepalive) keptBytes -= this.bytes
    }
  }
}

/** Parts for one request each. Replies to a removed parent need a request of their own: see sendDecisions. */
export function partsOf(comments: readonly WaitingComment[], verdict: Verdict): Part[] {
  const parts: Part[] = []
  for (const parentRemoved of [false, true]) {
    const some = comments.filter((comment) => comment.parentRemoved === parentRemoved)
    for (let start = 0; start < some.length; start += PART_SIZE)
      parts.push(new Part(some.slice(start, start + PART_SIZE), verdict))
  }
  return parts
}

async function sendDecisions(
  comments: readonly WaitingComment[],
  verdict: Verdict,
  keepalive: boolean,
): Promise<readonly Outcome[]> {
  const ids = comments.map(({ id }) => id)
  if (verdict.kind === 'approve') {
    // The desk shows that the parent was removed: the moderator saw it.
    const allowRemovedParent = comments.every(({ parentRemoved }) => parentRemoved)
    const { approveComments } = await post(
      ApproveCommentsDocument,
      { ids, allowRemovedParent },
      { keepalive },
    )
    if (approveComments.__typename === 'ApproveCommentsPayload') return approveComments.results
    throw new PostError(approveComments.code, approveComments.message)
  }
  const { guidelines, note } = verdict
  const variables = { ids, guidelines: [...guidelines], note: note || null, seen: 'PENDING' as const }
  const { rejectComments } = await post(RejectCommentsDocument, variables, { keepalive })
  if (rejectComments.__typename === 'RejectCommentsPayload') return rejectComments.results
  throw new PostError(rejectComments.code, rejectComments.message)
}

async function withRetries<Result>(send: () => Promise<Result>): Promise<Result> {
  for (const waitMs of RETRY_AFTER_MS) {
    try {
      return await send()
    } catch (error) {
      if (!isTransient(error)) throw error
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
  }
  return send()
}

function isTransient(error: unknown): boolean {
  return (
    error instanceof PostError && ['NETWORK', 'TEMPORARILY_UNAVAILABLE', 'RATE_LIMITED'].includes(error.code)
  )
}
