import { setTimeout as after } from 'node:timers/promises'
import { operationText } from '../../../src/graphql/operations.ts'
import { COMMENTS, type Stories } from './fill.ts'
import type { Ledger } from './ledger.ts'
import type { Reader, StoryPage } from './reader.ts'

/** What the reads after the replies showed. */
export interface Observed {
  approvals: number
  /** Reads on the same gateway, sent after the reply, that did not show the comment. */
  stale: number
  /**
   * For each approval, the time from the reply until a read was sent to the other gateway that showed the comment,
   * in ms.
   */
  delays: number[]
}

/** After this time, an approval counts as never shown, in ms. */
const PATIENCE_MS = 5_000

/** A moderator who approves comments, and a reader who then looks for each of them on both gateways. */
export class Approvals {
  readonly observed: Observed = { approvals: 0, stale: 0, delays: [] }
  readonly #own: Reader
  readonly #other: Reader
  readonly #ledger: Ledger
  readonly #pending: Iterator<Stories['pending'][number]>
  readonly #token: string

  constructor(gateways: { own: Reader; other: Reader }, ledger: Ledger, { pending }: Stories, token: string) {
    this.#own = gateways.own
    this.#other = gateways.other
    this.#ledger = ledger
    this.#pending = pending.values()
    this.#token = token
  }

  /** Approves the next comment, and settles when both gateways have shown it. */
  async approveNext(): Promise<void> {
    const { value, done } = this.#pending.next()
    if (done) throw new Error('no pending comments are left')
    const { id, story } = value
    // From here on, the other gateway may have the page in a cache.
    await this.#other.read(story)
    const query = operationText('ApproveComments')
    const headers = { authorization: `Bearer ${this.#token}` }
    const reply = await this.#own.client.post({ query, variables: { ids: [id] } }, headers)
    if (!reply.includes('"changed":true')) throw new Error(`not approved: ${reply}`)
    const least = this.#ledger.acknowledge(story)
    this.observed.approvals++
    await Promise.all([this.#readOwn(story, id, least), this.#pollOther(story, id, least)])
  }

  async #readOwn(story: number, id: string, least: number): Promise<void> {
    if (!shows(await this.#own.read(story), id, least)) this.observed.stale++
  }

  async #pollOther(story: number, id: string, least: number): Promise<void> {
    const start = performance.now()
    for (;;) {
      const delay = performance.now() - start
      if (delay > PATIENCE_MS || shows(await this.#other.read(story), id, least)) {
        this.observed.delays.push(delay)
        return
      }
      await after(2)
    }
  }
}

/** Whether a page has a comment. Newer ones may have moved it to the next page. */
function shows({ commentCount, commentIds }: StoryPage, id: string, least: number): boolean {
  return commentCount >= least && (commentIds.includes(id) || commentCount >= least + COMMENTS)
}
