import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/db/open.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { addPending } from '../comment-feed/fill.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { untilSomebodyWaits } from '../support/locks.ts'
import { addArticle, globalId } from '../support/newsroom.ts'

// The embedded database runs one transaction after the other: nobody holds a row there.
describe.runIf(process.env.DATABASE_URL)('while another program holds a story', () => {
  let owner: TestDatabase
  let app: TestApp
  let moderator: string
  let locked: { key: string; slug: string }
  let free: { key: string; slug: string }
  let holder: pg.Client

  beforeAll(async () => {
    owner = await freshDatabase()
    const database = await openDatabase({
      url: owner.url,
      dataDir: '',
      connections: 6,
      limits: { lockTimeoutMs: 5_000 },
    })
    app = await freshApp({ database })
    moderator = await app.token('moderator')
    locked = await addArticle(owner.prisma)
    free = await addArticle(owner.prisma)
    holder = new pg.Client({ connectionString: owner.url })
    await holder.connect()
  })
  afterAll(async () => {
    await holder?.end()
    await app?.close()
    await app?.database.close()
    await owner?.close()
  })

  afterEach(async () => {
    await holder.query('ROLLBACK')
  })

  /** Adds comments that wait for a moderator; returns what approves each. */
  async function approvals(article: string, count: number) {
    const keys = await addPending(owner.prisma, article, count)
    return keys.map(
      (key) => () =>
        app.post(operationText('ApproveComments'), { ids: [globalId('Comment', key)] }, moderator),
    )
  }

  test('approvals on it end with TEMPORARILY_UNAVAILABLE, and others and reads go on meanwhile', async () => {
    const onLocked = await approvals(locked.key, 15)
    const [onFree] = await approvals(free.key, 1)
    await holder.query(`BEGIN; SELECT FROM "Article" WHERE id = '${locked.key}' FOR UPDATE`)
    let waiting = 15
    const answers = onLocked.map(async (approve) => {
      const answer = await approve()
      waiting--
      return answer
    })
    await untilSomebodyWaits(owner.prisma)
    const { article } = await app.ask(
      'query ($slug: String!) { article(slug: $slug) { slug commentCount } }',
      {
        slug: free.slug,
      },
    )
    const elsewhere = await onFree?.()
    // At most two of this story's approvals have a connection, the others none.
    const { rows } = await holder.query(
      `SELECT count(*)::int AS waiting FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    expect(waiting).toBe(15)
    expect(rows[0].waiting).toBeLessThanOrEqual(2)
    expect(article).toEqual({ slug: free.slug, commentCount: 0 })
    expect(elsewhere?.data.approveComments.results).toMatchObject([{ __typename: 'CommentDecided' }])

    for (const { data, errors } of await Promise.all(answers)) {
      expect({ data, code: errors?.[0]?.extensions?.code }).toEqual({
        data: undefined,
        code: 'TEMPORARILY_UNAVAILABLE',
      })
      expect(errors?.[0]?.message).toMatch(/try again/i)
    }
  })

  test('submissions and edits wait without a connection, and most give up before they reach the row', async () => {
    const onLocked = await approvals(locked.key, 10)
    const submit = async (article: string, n: number) =>
      app.post(
        operationText('SubmitComment'),
        { input: { articleId: globalId('Article', article), body: `While it is locked ${n}` } },
        await app.token('reader', { name: `Reader ${n}` }),
      )
    const close = `mutation ($input: SetCommentingInput!) {
      setCommenting(input: $input) { __typename }
    }`
    const editor = await app.token('editor')
    const edit = () =>
      app.post(close, { input: { id: globalId('Article', locked.key), version: 1, open: false } }, editor)
    await holder.query(`BEGIN; SELECT FROM "Article" WHERE id = '${locked.key}' FOR UPDATE`)
    let waiting = 25
    const answers = [
      ...onLocked.map((approve) => approve()),
      ...Array.from({ length: 10 }, (_, n) => submit(locked.key, n)),
      ...Array.from({ length: 5 }, edit),
    ].map(async (asked) => {
      const answer = await asked
      waiting--
      return answer
    })
    await untilSomebodyWaits(owner.prisma)
    const elsewhere = await submit(free.key, 100)
    const { rows } = await holder.query(
      `SELECT count(*)::int AS waiting FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    expect(elsewhere.data?.submitComment.comment).toBeTruthy()
    expect(waiting).toBe(25)
    expect(rows[0].waiting).toBeLessThanOrEqual(2)
    const messages: string[] = []
    for (const { data, errors } of await Promise.all(answers)) {
      expect({ data, code: errors?.[0]?.extensions?.code }).toEqual({
        data: undefined,
        code: 'TEMPORARILY_UNAVAILABLE',
      })
      messages.push(errors?.[0]?.message ?? '')
    }
    // Two at a time reach the row, for 10 s. If nobody gave up before, all 25 would reach it, one after the other.
    const reachedTheRow = messages.filter(
      (message) => !message.startsWith('Other changes are taking too long.'),
    )
    expect(reachedTheRow.length).toBeLessThanOrEqual(12)
  }, 100_000)

  test('an approval that is asked for again afterwards is decided', async () => {
    const [approve] = await approvals(locked.key, 1)
    expect((await approve?.())?.data.approveComments.results).toMatchObject([
      { __typename: 'CommentDecided', changed: true },
    ])
  })
})
