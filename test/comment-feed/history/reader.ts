import type { TestApp } from '../../support/app.ts'
import { globalId } from '../../support/newsroom.ts'
import { type Connection, openConnection, type Seen } from './connection.ts'
import type { ReaderPlan } from './plan.ts'

/** How long a reader may take to get what it must, in ms, before the history counts as failed. */
const PATIENCE = 60_000

/** A reader of one story: what it started from, and everything it got. */
export interface Reader {
  readonly plan: ReaderPlan
  /** Everything up to here was behind it; null for one that began "now". */
  start: number | null
  /** No event up to here may reach one that began "now". */
  floor: number
  /** The comments of the page it loaded. */
  page: string[] | null
  readonly seen: Seen[]
  /** Loses the connection and at once comes back with its last cursor. */
  cut(): void
  pause(): void
  resume(): void
  /** Settles when the reader holds a cursor, so that it can miss nothing from now on. */
  settle(): Promise<void>
  /** Settles when the event at this position was seen. */
  reaches(position: number): Promise<void>
  leave(): void
}

/** The gateway that runs now. */
export interface Gateway {
  /** Waits while one is being restarted. */
  current(): Promise<TestApp>
  /** Whether this one is still meant to run. */
  runs(app: TestApp): boolean
  /** Global ids of comments that a moderator was told are rejected. */
  readonly takenDown: Set<string>
}

export function startReader(key: string, plan: ReaderPlan, gateway: Gateway): Reader {
  const seen: Seen[] = []
  let cursor: string | null = null
  let connection: Connection | null = null
  let visit = 0
  let failure: unknown
  let changed = () => {}

  const reader: Reader = {
    plan,
    start: null,
    floor: 0,
    page: null,
    seen,
    cut() {
      connection?.cut()
      connection = null
      connecting = connect()
    },
    pause: () => connection?.pause(),
    resume: () => connection?.resume(),
    async settle() {
      await connecting
      if (cursor === null) reader.cut()
      await connecting
    },
    reaches: (position) => reaches(position),
    leave() {
      visit += 1
      connection?.cut()
    },
  }
  let begun = false
  let connecting = connect()
  return reader

  async function begin(start: ReaderPlan['start']): Promise<Beginning> {
    const app = await gateway.current()
    const page = await loadPage(app, key)
    if (start === 'now') return { floor: page.position, start: null, page: null, cursor: null }
    if (start === 'page') return { floor: page.position, start: page.position, ...page, page: page.comments }
    const old = Math.floor(page.position * plan.age)
    return { floor: old, start: old, page: null, cursor: app.services.commentFeeds.cursorAt(key, old) }
  }

  function apply(beginning: Beginning): void {
    begun = true
    cursor = beginning.cursor
    Object.assign(reader, { start: beginning.start, floor: beginning.floor, page: beginning.page })
  }

  /** Connects until it succeeds: while a gateway stops and another starts, attempts fail. */
  async function connect(): Promise<void> {
    visit += 1
    const mine = visit
    let tried: TestApp | undefined
    while (visit === mine) {
      const app = await gateway.current()
      try {
        if (cursor === null) {
          // One that began "now" and saw nothing has no cursor to come back with: it loads the page.
          const beginning = await begin(begun ? 'page' : plan.start)
          if (visit !== mine) return
          apply(beginning)
        }
        const takenDown = new Set(gateway.takenDown)
        const transport = plan.transport === 'query' && visit % 2 === 0 ? 'ws' : plan.transport
        const opened = await openConnection(app, transport, {
          key,
          after: cursor,
          onEvent: (event) => {
            if (visit !== mine) return
            const late = event.kind === 'APPROVED' && takenDown.has(event.commentId)
            if (late) fail(new Error(`${event.position} was shown after it had been taken down`))
            take(event)
          },
          onEnd: (error) => {
            if (visit !== mine) return
            if (gateway.runs(app)) fail(error)
            else connecting = connect()
          },
        })
        if (visit === mine) connection = opened
        else opened.cut()
        return
      } catch (error) {
        if (app === tried && gateway.runs(app)) return fail(error)
        tried = app
      }
    }
  }

  function take(event: Seen): void {
    seen.push(event)
    cursor = event.cursor
    changed()
  }

  function fail(error: unknown): void {
    failure = error
    changed()
  }

  async function reaches(position: number): Promise<void> {
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => late.reject(new Error(`${describe()}: ${position} never came`)), PATIENCE)
    try {
      while (failure || (seen.at(-1)?.position ?? -1) < position) {
        if (failure) throw new Error(describe(), { cause: failure })
        const change = new Promise<void>((resolve) => {
          changed = resolve
        })
        await Promise.race([change, late.promise])
      }
    } finally {
      clearTimeout(timer)
    }
  }

  function describe(): string {
    const events = seen.map(({ kind, position }) => `${kind[0]}${position}`).join(' ')
    return `${plan.transport} reader from ${plan.start} ${reader.start} saw ${events}`
  }
}

interface Beginning extends Pick<Reader, 'start' | 'floor' | 'page'> {
  cursor: string | null
}

const PAGE = `query ($id: ID!) {
  article(id: $id) {
    newest: comments(first: 1) { edges { node { id } } }
    feedCursor
    comments(first: 100, orderBy: OLDEST_FIRST) { edges { node { id } } }
  }
}`

async function loadPage(app: TestApp, key: string) {
  const { article } = await app.ask(PAGE, { id: globalId('Article', key) })
  const idsIn = (list: { edges: { node: { id: string } }[] }) => list.edges.map(({ node }) => node.id)
  const comments = idsIn(article.comments)
  // Two lists take two statements: only a snapshot makes them agree.
  if (comments.at(-1) !== idsIn(article.newest)[0]) throw new Error('a page that does not agree with itself')
  const cursor: string = article.feedCursor
  return { comments, cursor, position: Number(Buffer.from(cursor, 'base64url').toString().split('/')[2]) }
}
