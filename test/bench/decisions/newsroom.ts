import { Agent, request } from 'node:http'
import type { App } from '../../../src/app.ts'
import { signToken } from '../../../src/auth/sign.ts'
import type { Database } from '../../../src/db/database.ts'
import { operationText } from '../../../src/graphql/operations.ts'
import { addPending } from '../../comment-feed/fill.ts'
import { addArticle, globalId } from '../../support/newsroom.ts'

export interface Result {
  /** SQL statements. */
  count: number
  ms: number
  /** The longest time in which a reader got no answer. */
  waitMs: number
}

interface Operation {
  query: string
  variables: object
  token: string
  // biome-ignore lint/suspicious/noExplicitAny: the answers of several operations
  isExpected(answer: any): boolean
}

const READ = '{ articles(first: 1) { edges { node { slug commentCount } } } }'

/** Articles, comments and clients of the benchmark. */
export class Newsroom {
  readonly #app: App
  readonly #database: Database
  readonly #statements: string[]
  readonly #articles: string[] = []
  readonly #agent = new Agent({ keepAlive: true })
  #reader = ''
  #moderator = ''
  #submitted = 0

  private constructor(app: App, database: Database, statements: string[]) {
    this.#app = app
    this.#database = database
    this.#statements = statements
  }

  static async open(app: App, database: Database, dataDir: string, statements: string[]): Promise<Newsroom> {
    const newsroom = new Newsroom(app, database, statements)
    for (let i = 0; i < 100; i++) newsroom.#articles.push((await addArticle(database.prisma)).key)
    const token = (role: 'reader' | 'moderator') =>
      signToken({
        auth: app.config.auth as { kind: 'development' },
        dataDir,
        role,
        name: `Bench ${role}`,
        ttlSeconds: 3600,
      })
    newsroom.#reader = await token('reader')
    newsroom.#moderator = await token('moderator')
    return newsroom
  }

  get operations(): Record<string, () => Promise<Result>> {
    return {
      'a submission': () => this.#measured(() => this.#submission()),
      'an approval': () => this.#measured(() => this.#decisions(1, 1, 'approve')),
      'a rejection': () => this.#measured(() => this.#decisions(1, 1, 'reject')),
      '100 approvals on one article': () => this.#measured(() => this.#decisions(100, 1, 'approve')),
      '100 approvals on 10 articles': () => this.#measured(() => this.#decisions(100, 10, 'approve')),
      '100 approvals on 100 articles': () => this.#measured(() => this.#decisions(100, 100, 'approve')),
      '100 rejections on one article': () => this.#measured(() => this.#decisions(100, 1, 'reject')),
    }
  }

  async #submission(): Promise<Operation> {
    const articleId = globalId('Article', this.#articles[0] as string)
    return {
      query: operationText('SubmitComment'),
      variables: { input: { articleId, body: `Submission ${++this.#submitted}` } },
      token: this.#reader,
      isExpected: ({ submitComment }) => submitComment.__typename === 'SubmitCommentPayload',
    }
  }

  /** Decides new comments, the same number on each article. */
  async #decisions(count: number, articles: number, verdict: 'approve' | 'reject'): Promise<Operation> {
    const ids: string[] = []
    for (const article of this.#articles.slice(0, articles)) {
      const pending = await addPending(this.#database.prisma, article, count / articles)
      ids.push(...pending.map((id) => globalId('Comment', id)))
    }
    return {
      query: operationText(verdict === 'approve' ? 'ApproveComments' : 'RejectComments'),
      variables: { ids, guidelines: ['RELEVANCE'] },
      token: this.#moderator,
      isExpected({ approveComments, rejectComments }) {
        const { results } = approveComments ?? rejectComments
        return results.length === count && results.every(({ changed }: { changed: boolean }) => changed)
      },
    }
  }

  /** Runs an operation alone, to count its statements and time it, and another one beside a reader. */
  async #measured(operation: () => Promise<Operation>): Promise<Result> {
    const alone = await operation()
    const before = this.#statements.length
    const began = performance.now()
    await this.#run(alone)
    const ms = performance.now() - began
    const count = this.#statements.length - before

    const beside = await operation()
    let waitMs = 0
    let isRunning = true
    const read = async () => {
      while (isRunning) {
        const asked = performance.now()
        await this.#post(READ, {})
        waitMs = Math.max(waitMs, performance.now() - asked)
      }
    }
    const reading = read()
    await this.#run(beside)
    isRunning = false
    await reading
    return { count, ms, waitMs }
  }

  async #run({ query, variables, token, isExpected }: Operation): Promise<void> {
    const answer = await this.#post(query, variables, token)
    if (!isExpected(answer)) throw new Error(`unexpected answer: ${JSON.stringify(answer)}`)
  }

  // biome-ignore lint/suspicious/noExplicitAny: the answers of several operations
  #post(query: string, variables: object, token?: string): Promise<any> {
    return new Promise((resolve, reject) => {
      const headers = {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      }
      const { port } = this.#app.config
      const sent = request(
        { host: '127.0.0.1', port, path: '/graphql', method: 'POST', headers, agent: this.#agent },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString()).data))
        },
      )
      sent.on('error', reject)
      sent.end(JSON.stringify({ query, variables }))
    })
  }
}
