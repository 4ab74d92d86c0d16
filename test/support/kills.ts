import { encodeGlobalID } from '@pothos/plugin-relay'
import { signToken } from '../../src/auth/sign.ts'
import { openMigrated } from '../../src/db/open.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { type Gateway, startGateway } from './gateway.ts'
import { addArticle } from './newsroom.ts'

export interface Kills {
  /** How often the gateway was killed. */
  kills: number
  /** Comments whose submission was answered, and those whose approval was. */
  submitted: number
  approved: number
  /** Acknowledged comments or approvals that were not there after the next start. */
  lost: string[]
  /** The story's feed positions at the end, and what the story says that they are. */
  positions: number[]
  feedPosition: number
  commentCount: number
  /** From the start of the process to its first screen, for each start after a kill, in ms. */
  restarts: number[]
}

/** Readers who write at the same time. */
const WRITERS = 4

/**
 * Kills a gateway in the middle of writing and starts it again, so many times, and looks after each start
 * whether everything that it had acknowledged is there.
 *
 * @param dataDir a new folder: the embedded database is made in it
 */
export async function killAgainAndAgain(dataDir: string, times: number): Promise<Kills> {
  const story = await newStory(dataDir)
  const tokens = await tokensFor(dataDir)
  const acknowledged = { submitted: new Set<string>(), approved: new Set<string>() }
  const lost: string[] = []
  const restarts: number[] = []
  let gateway = await startGateway({ DATA_DIR: dataDir, SAMPLE: 'off' })
  try {
    for (let round = 0; round < times; round++) {
      await writeUntilKilled(gateway, { ...tokens, story, round, acknowledged })
      const before = performance.now()
      gateway = await startGateway({ DATA_DIR: dataDir, SAMPLE: 'off' })
      restarts.push(performance.now() - before)
      lost.push(...(await missing(gateway, tokens.moderator, acknowledged)))
    }
    await gateway.stop()
  } finally {
    await gateway.kill()
  }
  const { submitted, approved } = acknowledged
  return {
    kills: times,
    submitted: submitted.size,
    approved: approved.size,
    lost,
    restarts,
    ...(await feedOf(dataDir)),
  }
}

interface Writing {
  story: string
  round: number
  readers: string[]
  moderator: string
  acknowledged: { submitted: Set<string>; approved: Set<string> }
}

/** Readers submit and a moderator approves, until the process is killed under them. */
async function writeUntilKilled(gateway: Gateway, writing: Writing): Promise<void> {
  const { story, round, readers, moderator, acknowledged } = writing
  // From 8 to 23 acknowledged writes, so that each kill falls on another moment.
  const enough = acknowledged.submitted.size + 8 + ((round * 7) % 16)
  let killed = false
  const write = async (token: string, writer: number) => {
    for (let count = 0; !killed; count++) {
      const input = { articleId: story, body: `Round ${round}, writer ${writer}, comment ${count}` }
      const { submitComment } = await gateway.ask(operationText('SubmitComment'), { input }, token)
      const { id } = submitComment.comment
      acknowledged.submitted.add(id)
      if (acknowledged.submitted.size >= enough) {
        killed = true
        // The others are in the middle of a request now.
        await gateway.kill()
        return
      }
      if (count % 2 === 0) continue
      const { approveComments } = await gateway.ask(
        operationText('ApproveComments'),
        { ids: [id] },
        moderator,
      )
      if (approveComments.results[0].changed) acknowledged.approved.add(id)
    }
  }
  const unanswered = (error: unknown) => {
    if (!killed) throw error
  }
  await Promise.all(readers.map((token, writer) => write(token, writer).catch(unanswered)))
}

/** What was acknowledged and is not there. */
async function missing(gateway: Gateway, moderator: string, acknowledged: Writing['acknowledged']) {
  const [pending, approved] = [
    await listOf(gateway, moderator, 'PENDING'),
    await listOf(gateway, moderator, 'APPROVED'),
  ]
  return [
    ...[...acknowledged.submitted].filter((id) => !pending.has(id) && !approved.has(id)),
    ...[...acknowledged.approved].filter((id) => !approved.has(id)).map((id) => `approval of ${id}`),
  ]
}

async function listOf(gateway: Gateway, moderator: string, status: string): Promise<Set<string>> {
  const found = new Set<string>()
  let after: string | null = null
  do {
    const answer: { moderationQueue: Page } = await gateway.ask(QUEUE, { status, after }, moderator)
    const { edges, pageInfo } = answer.moderationQueue
    for (const { node } of edges) found.add(node.id)
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null
  } while (after !== null)
  return found
}

interface Page {
  edges: { node: { id: string } }[]
  pageInfo: { hasNextPage: boolean; endCursor: string }
}

const QUEUE = `
  query Everything($status: CommentStatus!, $after: String) {
    moderationQueue(first: 100, after: $after, filter: { status: $status }) {
      edges { node { id } }
      pageInfo { hasNextPage endCursor }
    }
  }
`

async function newStory(dataDir: string): Promise<string> {
  const database = await openMigrated({ dataDir })
  const { key } = await addArticle(database.prisma)
  await database.close()
  return encodeGlobalID('Article', key)
}

async function tokensFor(dataDir: string): Promise<Pick<Writing, 'readers' | 'moderator'>> {
  const sign = (role: 'reader' | 'moderator', name: string) =>
    signToken({ auth: { kind: 'development' }, dataDir, role, name, ttlSeconds: 3600 })
  const readers = Array.from({ length: WRITERS }, (_, writer) => sign('reader', `Writer ${writer}`))
  return { readers: await Promise.all(readers), moderator: await sign('moderator', 'Moderator') }
}

async function feedOf(dataDir: string): Promise<Pick<Kills, 'positions' | 'feedPosition' | 'commentCount'>> {
  const database = await openMigrated({ dataDir })
  const { feedPosition, commentCount, feed } = await database.prisma.article.findFirstOrThrow({
    include: { feed: { orderBy: { position: 'asc' } } },
  })
  await database.close()
  return { feedPosition, commentCount, positions: feed.map(({ position }) => position) }
}
