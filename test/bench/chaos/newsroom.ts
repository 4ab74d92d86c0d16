import { setTimeout as after } from 'node:timers/promises'
import type { SharedAuth } from '../../../src/auth/shared-key.ts'
import { signToken } from '../../../src/auth/sign.ts'
import type { Role } from '../../../src/auth/viewer.ts'
import { operationText } from '../../../src/graphql/operations.ts'
import type { Gateways } from './gateways.ts'
import { between, oneOf, type Random, zipf } from './random.ts'

/** The share of decisions that take a comment down. */
const RETRACTIONS = 0.25

/** The share of approvals that name several comments, of any stories. */
const BULK = 0.1

/** Decisions under way at once; while the gateways can't decide, no more are begun. */
const MOST_UNDER_WAY = 48

/** Different people who comment. */
const COMMENTERS = 40

export interface NewsroomDeps {
  gateways: Gateways
  /** Global ids, the most popular story first. */
  stories: readonly string[]
  auth: SharedAuth
  /** Decisions per second. */
  rate: number
  random: Random
}

/**
 * Submits, approves and retracts comments without end, on any gateway that lives. A decision that was not
 * answered is sent again, to any gateway, until it is: repeated by the same moderator it changes nothing.
 */
export class Newsroom {
  /** Comments whose approval or retraction was answered, and when. */
  readonly approved = new Map<string, number>()
  readonly retracted = new Map<string, number>()
  /** Answers that a newsroom should never get. */
  readonly refusals: string[] = []
  readonly #deps: NewsroomDeps
  readonly #pickStory: (random: Random) => number
  readonly #tokens: { moderator: string; readers: string[] }
  readonly #underWay = new Set<Promise<void>>()
  /** Comments that readers can see. */
  readonly #standing: string[] = []
  #submitted = 0
  #running = false
  #paused = false

  private constructor(deps: NewsroomDeps, tokens: { moderator: string; readers: string[] }) {
    this.#deps = deps
    this.#tokens = tokens
    this.#pickStory = zipf(deps.stories.length)
  }

  static async open(deps: NewsroomDeps): Promise<Newsroom> {
    const token = (role: Role, name: string) =>
      signToken({ auth: deps.auth, dataDir: '', role, name, ttlSeconds: 24 * 3600 })
    const names = Array.from({ length: COMMENTERS }, (_, i) => `Commenter ${i + 1}`)
    const readers = await Promise.all(names.map((name) => token('reader', name)))
    return new Newsroom(deps, { moderator: await token('moderator', 'Moderator'), readers })
  }

  /** Works at the given rate until `stop`. */
  start(): void {
    this.#running = true
    void this.#work()
  }

  /** Begins nothing new, and waits for the answers to what was begun. */
  async stop(): Promise<void> {
    this.#running = false
    await Promise.all(this.#underWay)
  }

  /** Begins nothing new until `resume`, and waits for the answers to what was begun. */
  async pause(): Promise<void> {
    this.#paused = true
    await Promise.all(this.#underWay)
  }

  /** Goes on, with the comments that readers can see now. */
  resume(shown: readonly string[]): void {
    this.#standing.splice(0, Number.POSITIVE_INFINITY, ...shown)
    this.#paused = false
  }

  async #work(): Promise<void> {
    const { rate, random } = this.#deps
    while (this.#running) {
      // Decisions come as they do in life: independent of each other, not on a beat.
      await after((-Math.log(1 - random()) * 1_000) / rate)
      if (this.#running && !this.#paused && this.#underWay.size < MOST_UNDER_WAY) this.#begin()
    }
  }

  #begin(): void {
    const retracts = this.#deps.random() < RETRACTIONS && this.#standing.length > 0
    const work = (retracts ? this.#retractOne() : this.#approveSome())
      .catch((error: Error) => void this.refusals.push(error.message))
      .finally(() => this.#underWay.delete(work))
    this.#underWay.add(work)
  }

  async #approveSome(): Promise<void> {
    const { random } = this.#deps
    const count = random() < BULK ? Math.floor(between(random, 2, 6)) : 1
    const ids = await Promise.all(Array.from({ length: count }, () => this.#submit()))
    const answer = await this.#insist('ApproveComments', { ids })
    checkDecided(answer)
    const at = Date.now()
    for (const id of ids) this.approved.set(id, at)
    this.#standing.push(...ids)
  }

  /** Takes down one of the newest, half of the time, or any. */
  async #retractOne(): Promise<void> {
    const { random } = this.#deps
    const { length } = this.#standing
    const index =
      random() < 0.5 ? Math.max(0, length - 1 - Math.floor(random() * 5)) : Math.floor(random() * length)
    const ids = this.#standing.splice(index, 1)
    const answer = await this.#insist('RejectComments', { ids, guidelines: ['RELEVANCE'] })
    checkDecided(answer)
    this.retracted.set(ids[0] as string, Date.now())
  }

  /** Hands in one comment. Each attempt is a comment of its own: an unanswered one stays pending. */
  async #submit(): Promise<string> {
    const { random, stories } = this.#deps
    const articleId = stories[this.#pickStory(random)] as string
    const token = oneOf(random, this.#tokens.readers)
    const answer = await this.#insist(
      'SubmitComment',
      () => {
        this.#submitted += 1
        return { input: { articleId, body: `Comment ${this.#submitted}. ${WORDS}` } }
      },
      token,
    )
    const { comment } = answer as { comment?: { id: string } }
    if (!comment) throw new Error(`a comment was refused: ${JSON.stringify(answer)}`)
    return comment.id
  }

  /** Sends a mutation until it is answered, and returns what it answered. */
  async #insist(
    name: string,
    variables: object | (() => object),
    token = this.#tokens.moderator,
  ): Promise<unknown> {
    const { gateways, random } = this.#deps
    const query = operationText(name)
    for (;;) {
      const now = typeof variables === 'function' ? variables() : variables
      const data = await send(gateways.anyLive(random).url, { query, variables: now }, token).catch(
        () => null,
      )
      if (data) return Object.values(data)[0]
      await after(between(random, 50, 400))
    }
  }
}

/** About as long as comments are. */
const WORDS = 'What readers write under a story takes about this much room, or a little more. '
  .repeat(3)
  .trim()

/** How long a gateway may take to answer, in ms. */
const PATIENCE = 10_000

/** The data of the answer; null where the gateway could not answer. */
async function send(url: string, body: object, token: string): Promise<object | null> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE),
  })
  const { data, errors } = (await response.json()) as { data?: object | null; errors?: unknown[] }
  return errors || !response.ok ? null : (data ?? null)
}

function checkDecided(answer: unknown): void {
  const { results } = answer as { results?: { __typename: string }[] }
  if (results?.every(({ __typename }) => __typename === 'CommentDecided')) return
  throw new Error(`a decision was refused: ${JSON.stringify(answer)}`)
}
