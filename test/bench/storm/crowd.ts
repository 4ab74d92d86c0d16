import { decodeCommentFeedCursor } from '../../../src/comment-feed/cursor.ts'
import { type LightSocket, openLightSocket } from '../support/light-socket.ts'

// The crowd, in a process of its own: readers who keep their last cursor and hold every entry that comes
// against the one before it. Told what to do over IPC.

export type Command =
  | { do: 'come'; port: number; count: number; parallel: number; subscribe: object }
  | { do: 'cut' }
  /** Everybody comes back with the last cursor. */
  | { do: 'return' }
  /** Asks to be told once everybody has been sent everything up to a position. */
  | { do: 'await'; position: number }
  | { do: 'judge' }

export type Report =
  | { event: 'here' }
  | { event: 'away'; lowest: number; highest: number }
  | { event: 'reached'; times: number[] }
  | { event: 'judged'; verdict: Verdict }
  | { event: 'lost'; why: string }

/** What became of all readers together. */
export interface Verdict {
  entries: number
  lost: number
  doubled: number
  reordered: number
  /** Sockets that the gateway closed; their readers came back by themselves. */
  closed: number
}

const crowd: Reader[] = []
const verdict: Verdict = { entries: 0, lost: 0, doubled: 0, reordered: 0, closed: 0 }
let settings: Extract<Command, { do: 'come' }>
/** Readers who have yet to open a socket, from which so many at once are served. */
let coming: Reader[] = []
let awaited = Number.POSITIVE_INFINITY
let times: number[] = []

class Reader {
  position = 0
  cursor: string | null = null
  #socket: LightSocket | null = null
  /** Positions before `position` that have not come. */
  readonly #missing = new Set<number>()

  async come(): Promise<void> {
    const { port, subscribe } = settings
    const payload = { ...subscribe, variables: { ...variablesOf(subscribe), after: this.cursor } }
    this.#socket = await openLightSocket(port, JSON.stringify({ id: '1', type: 'subscribe', payload }), {
      message: (bytes) => this.#take(bytes),
      gone: () => {
        verdict.closed += 1
        this.come().catch(giveUp)
      },
    })
  }

  cut(): void {
    this.#socket?.cut()
  }

  #take(payload: Buffer): void {
    const cursor = cursorIn(payload)
    const position = cursor && positionOf(cursor)
    if (!position) {
      giveUp(new Error(`unexpected: ${payload}`))
      return
    }
    verdict.entries += 1
    if (position <= this.position) {
      // What comes after its successor was left out before: then it came late, else twice.
      if (this.#missing.delete(position)) verdict.reordered += 1
      else verdict.doubled += 1
      return
    }
    for (let left = this.position + 1; left < position; left++) this.#missing.add(left)
    const reached = this.position < awaited && position >= awaited
    this.position = position
    this.cursor = cursor
    if (reached) note()
  }

  /** Entries that never came. */
  get lost(): number {
    return this.#missing.size
  }
}

process.on('message', (command: Command) => void obey(command).catch(giveUp))

async function obey(command: Command): Promise<void> {
  if (command.do === 'come') {
    settings = command
    crowd.push(...Array.from({ length: command.count }, () => new Reader()))
    await everybody()
    report({ event: 'here' })
  } else if (command.do === 'cut') {
    for (const reader of crowd) reader.cut()
    const positions = crowd.map(({ position }) => position)
    report({ event: 'away', lowest: Math.min(...positions), highest: Math.max(...positions) })
  } else if (command.do === 'return') {
    await everybody()
    report({ event: 'here' })
  } else if (command.do === 'await') {
    times = []
    awaited = command.position
    for (const { position } of crowd) if (position >= awaited) note()
  } else {
    verdict.lost = crowd.reduce((sum, { lost }) => sum + lost, 0)
    report({ event: 'judged', verdict })
  }
}

/** Opens a socket for each, so many handshakes at a time. */
async function everybody(): Promise<void> {
  coming = [...crowd]
  await Promise.all(
    Array.from({ length: settings.parallel }, async () => {
      for (let reader = coming.pop(); reader; reader = coming.pop()) await reader.come()
    }),
  )
}

/** Notes that one more reader has reached the awaited position, in ms since the epoch. */
function note(): void {
  times.push(performance.timeOrigin + performance.now())
  if (times.length === crowd.length) report({ event: 'reached', times })
}

function report(message: Report): void {
  process.send?.(message)
}

function giveUp(error: Error): void {
  report({ event: 'lost', why: error.message })
}

function variablesOf(subscribe: object): object {
  return 'variables' in subscribe ? (subscribe.variables as object) : {}
}

const CURSOR = Buffer.from('"cursor":"')

function cursorIn(payload: Buffer): string | null {
  const at = payload.indexOf(CURSOR)
  if (at < 0) return null
  const start = at + CURSOR.length
  return payload.toString('latin1', start, payload.indexOf(0x22, start))
}

const positions = new Map<string, number>()

/** The position in a cursor; read once for all readers. */
function positionOf(cursor: string): number {
  const position = positions.get(cursor) ?? decodeCommentFeedCursor(cursor)?.position ?? 0
  positions.set(cursor, position)
  return position
}
