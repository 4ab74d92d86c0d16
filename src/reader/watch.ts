import type { Bus } from '../bus/bus.ts'
import type { PrismaClient } from '../db/client/client.ts'
import { Forbidden, TemporarilyUnavailable } from '../errors.ts'
import { STANDING_CHANNEL } from './standing.ts'

export interface StandingWatchDeps {
  prisma: PrismaClient
  listen: Bus['listen']
  /** How often the standing of everybody connected is looked at although no hint came, in ms. */
  pollMs: number
  onFailure: (error: unknown) => void
}

/** Subjects looked at in one query. */
const MOST_AT_ONCE = 5_000

/**
 * Keeps banned readers from being connected to this process: those who come are checked, and those who are
 * here are told the moment that they are banned, on whichever gateway that was decided.
 */
export class StandingWatch {
  readonly #deps: StandingWatchDeps
  readonly #watched = new Map<string, Set<() => void>>()
  readonly #poll: NodeJS.Timeout
  #unlisten: () => Promise<void> = async () => {}
  /** Subjects that the next read is about. */
  #due = new Set<string>()
  #next: Promise<Set<string>> | null = null
  #reading: Promise<unknown> = Promise.resolve()
  #polling = false

  private constructor(deps: StandingWatchDeps) {
    this.#deps = deps
    this.#poll = setInterval(() => void this.#lookAtAll(), deps.pollMs)
    this.#poll.unref()
  }

  static async open(deps: StandingWatchDeps): Promise<StandingWatch> {
    const watch = new StandingWatch(deps)
    watch.#unlisten = await deps.listen(
      STANDING_CHANNEL,
      (subject) => void watch.#hear(subject),
      () => void watch.#lookAtAll(),
    )
    return watch
  }

  /**
   * Lets pass who is not banned. All who ask while a read is under way share the next.
   * @throws Forbidden, or TemporarilyUnavailable when that can't be found out now
   */
  async check(subject: string): Promise<void> {
    this.#due.add(subject)
    this.#next ??= this.#readNext()
    let banned: Set<string>
    try {
      banned = await this.#next
    } catch (error) {
      throw new TemporarilyUnavailable('Your standing can not be looked up just now. Try again shortly.', {
        cause: error,
      })
    }
    if (banned.has(subject)) throw new Forbidden(BANNED)
  }

  /** Calls `onBanned` once the subject is banned. Returns a function that stops watching. */
  watch(subject: string, onBanned: () => void): () => void {
    const watchers = this.#watched.get(subject) ?? new Set()
    this.#watched.set(subject, watchers.add(onBanned))
    return () => {
      watchers.delete(onBanned)
      if (watchers.size === 0 && this.#watched.get(subject) === watchers) this.#watched.delete(subject)
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#poll)
    await this.#unlisten()
  }

  async #readNext(): Promise<Set<string>> {
    await this.#reading
    const subjects = [...this.#due]
    this.#due = new Set()
    this.#next = null
    const reading = this.#bannedAmong(subjects)
    this.#reading = reading.catch(() => {})
    return reading
  }

  async #hear(subject: string): Promise<void> {
    if (!this.#watched.has(subject)) return
    try {
      this.#tell(await this.#bannedAmong([subject]))
    } catch (error) {
      this.#deps.onFailure(error)
    }
  }

  async #lookAtAll(): Promise<void> {
    if (this.#polling) return
    this.#polling = true
    try {
      const subjects = [...this.#watched.keys()]
      for (let i = 0; i < subjects.length; i += MOST_AT_ONCE) {
        this.#tell(await this.#bannedAmong(subjects.slice(i, i + MOST_AT_ONCE)))
      }
    } catch (error) {
      this.#deps.onFailure(error)
    } finally {
      this.#polling = false
    }
  }

  #tell(banned: Set<string>): void {
    for (const subject of banned) for (const onBanned of [...(this.#watched.get(subject) ?? [])]) onBanned()
  }

  async #bannedAmong(subjects: string[]): Promise<Set<string>> {
    const rows = await this.#deps.prisma.$queryRaw<{ subject: string }[]>`
      SELECT "subject" FROM "Reader" WHERE "standing" = 'BANNED' AND "subject" = ANY(${subjects})`
    return new Set(rows.map(({ subject }) => subject))
  }
}

/** What a banned reader is told. It may be the reason of a close frame, which holds 123 bytes. */
export const BANNED = 'You may not comment here any more. Reading needs no token.'
