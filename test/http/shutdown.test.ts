import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { signToken } from '../../src/auth/sign.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { freshSettings, type TestSettings } from '../support/database.ts'
import { openStream } from '../support/event-stream.ts'
import type { Json } from '../support/json.ts'
import { addArticle } from '../support/newsroom.ts'
import { inherited } from '../support/processes.ts'
import { operation, type RawSocket, rawSocket } from '../support/raw-socket.ts'

const main = join(import.meta.dirname, '../../src/main.ts')
const submit = operationText('SubmitComment')

interface Gateway {
  child: ChildProcess
  url: string
  wsUrl: string
  /** Settles with the exit code. */
  gone: Promise<number | null>
}

/** The real program, as a process of its own. */
async function startGateway({ env }: TestSettings): Promise<Gateway> {
  const child = spawn(process.execPath, ['--liftoff-only', '--disable-warning=ExperimentalWarning', main], {
    env: { ...inherited, PORT: '0', SAMPLE: 'off', LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = once(child, 'exit').then(([code]) => code)
  for await (const line of createInterface(child.stdout)) {
    const [url] = /http:\S+graphql/.exec(line) ?? []
    if (url) return { child, url, wsUrl: url.replace('http', 'ws'), gone }
  }
  throw new Error(`the gateway did not start: ${await gone}`)
}

/** What a submission's answer says became of it. */
type Answer = 'taken' | 'refused' | 'unanswered'

async function overHttp(url: string, token: string, articleId: string, body: string): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: submit, variables: { input: { articleId, body } } }),
    })
    const { data } = (await response.json()) as Json
    return data?.submitComment.comment ? 'taken' : 'refused'
  } catch {
    return 'unanswered'
  }
}

async function overSocket(window: RawSocket, articleId: string, body: string): Promise<Answer> {
  try {
    window.send(operation(body, submit, { input: { articleId, body } }))
    for (;;) {
      const { id, type, payload } = await window.next()
      if (id === body && type !== 'complete') return payload.data?.submitComment.comment ? 'taken' : 'refused'
    }
  } catch {
    return 'unanswered'
  }
}

test('SIGTERM answers what is under way, closes sockets with 1001, cuts streams and ends with 0', {
  timeout: 60_000,
}, async () => {
  await using settings = await freshSettings()
  const { DATA_DIR: dataDir } = settings.env
  const { key, id: articleId } = await settings.inDatabase(({ prisma }) => addArticle(prisma))

  const gateway = await startGateway(settings)
  try {
    const tokens = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        signToken({
          auth: { kind: 'development' },
          dataDir,
          role: 'reader',
          name: `R${index}`,
          ttlSeconds: 600,
        }),
      ),
    )
    await using watching = await rawSocket(gateway.wsUrl)
    watching.send(operation('feed', operationText('CommentFeed'), { articleId }))
    await using idle = await rawSocket(gateway.wsUrl)
    await using stream = await openStream(gateway.url, operationText('CommentFeed'), { articleId })
    const streamEnd = stream.events.next().then(
      ({ value }) => value?.event ?? 'completed',
      () => 'cut',
    )
    const windows = await Promise.all(tokens.slice(3).map((token) => rawSocket(gateway.wsUrl, { token })))

    // Everybody goes on submitting, one comment after the other, until an answer says that it is over.
    const taken: string[] = []
    let first = () => {}
    const begun = new Promise<void>((resolve) => {
      first = resolve
    })
    const keepOn = async (name: string, act: (body: string) => Promise<Answer>) => {
      for (let count = 1; ; count++) {
        const body = `${name} ${count}`
        const answer = await act(body)
        if (answer !== 'taken') return answer
        taken.push(body)
        first()
      }
    }
    const submitting = [
      ...tokens
        .slice(0, 3)
        .map((token, index) =>
          keepOn(`http ${index}`, (body) => overHttp(gateway.url, token, articleId, body)),
        ),
      ...windows.map((window, index) => keepOn(`ws ${index}`, (body) => overSocket(window, articleId, body))),
    ]
    await begun
    gateway.child.kill('SIGTERM')
    await Promise.all(submitting)

    for (const window of [watching, idle, ...windows])
      expect(await window.closed).toMatchObject({ code: 1001 })
    expect(await streamEnd).toBe('cut')
    expect(await gateway.gone).toBe(0)

    const rows = await settings.inDatabase(({ prisma }) =>
      prisma.comment.findMany({ where: { articleId: key } }),
    )
    // Nothing acknowledged is lost, and nothing was taken without an answer.
    expect(rows.map(({ body }) => body).sort()).toEqual(taken.sort())
  } finally {
    gateway.child.kill('SIGKILL')
    await gateway.gone
  }
})
