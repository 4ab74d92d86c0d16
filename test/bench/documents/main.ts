import { parseArgs } from 'node:util'
import { operationText } from '../../../src/graphql/operations.ts'
import { fillNewsroom } from '../cold/newsroom.ts'
import { countOf } from '../support/counts.ts'
import { withThrowawayDatabase } from '../support/database.ts'
import { type Gateway, spawnGateway } from '../support/gateway.ts'
import { HttpClient } from '../support/http-client.ts'
import { median } from '../support/median.ts'
import { productionSettings } from '../support/production.ts'
import { distinctDocuments } from './distinct.ts'

// npm run bench -- documents [--documents 10000] [--requests 200] [--rounds 15]
// The throughput of known documents after a client has sent many others: each of them has other columns, so it also
// needs a statement of its own. Two gateways on one database take turns; only one of them gets the documents. Exits
// with 1 when that one is slower than the limit. Needs a PostgreSQL server: the one of DATABASE_URL, or the one on
// this machine.

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '10000' },
    requests: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '15' },
    help: { type: 'boolean' },
  },
})

/** The least throughput, as a part of that of the gateway without the documents. */
const LIMIT = 0.95
const CONNECTIONS = 4
const WARM_UP_REQUESTS = 1_000

interface Server {
  gateway: Gateway
  client: HttpClient
}

if (values.help) {
  console.log('npm run bench -- documents [--documents 10000] [--requests 200] [--rounds 15]')
} else {
  const [documents, requests, rounds] = (['documents', 'requests', 'rounds'] as const).map((name) =>
    countOf(name, values[name]),
  ) as [number, number, number]
  const ratios = await withThrowawayDatabase(async ({ prisma, url }) => {
    const [slug] = await fillNewsroom(prisma)
    const known = [
      { query: operationText('ArticlePage'), variables: { slug } },
      { query: operationText('FrontPage') },
    ]
    const [fresh, used] = [await start(url), await start(url)]
    try {
      for (const server of [fresh, used]) {
        for (const operation of known) await requestsPerSecond(server, operation, WARM_UP_REQUESTS)
      }
      console.error(`sending ${documents} documents`)
      await send(used, distinctDocuments(documents))
      return await compare(fresh, used, known, requests, rounds)
    } finally {
      for (const { client, gateway } of [fresh, used]) {
        client.close()
        await gateway.kill()
      }
    }
  })
  const [least, middle, most] = [Math.min(...ratios), median(ratios), Math.max(...ratios)].map((ratio) =>
    ratio.toFixed(2),
  )
  console.log(`throughput of known documents after ${documents} others: ${middle} (${least}, ${most})`)
  if (median(ratios) < LIMIT) console.log(`MISSED: at least ${LIMIT}`)
  process.exit(median(ratios) < LIMIT ? 1 : 0)
}

/** Each request is read from the database. */
async function start(databaseUrl: string): Promise<Server> {
  const gateway = await spawnGateway({ ...productionSettings(databaseUrl), READ_CACHE_MB: '0' })
  return { gateway, client: new HttpClient(gateway.port, CONNECTIONS) }
}

/** Sends each operation once, over all connections. */
async function send({ client }: Server, operations: Iterable<object>): Promise<void> {
  const queue = operations[Symbol.iterator]()
  const sendNext = async () => {
    for (let next = queue.next(); !next.done; next = queue.next()) await client.post(next.value)
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, sendNext))
}

async function requestsPerSecond(server: Server, operation: object, requests: number): Promise<number> {
  const start = performance.now()
  await send(
    server,
    Array.from({ length: requests }, () => operation),
  )
  return (requests / (performance.now() - start)) * 1_000
}

/** The throughput of the second server as a part of that of the first, for each round. */
async function compare(
  fresh: Server,
  used: Server,
  known: readonly object[],
  requests: number,
  rounds: number,
): Promise<number[]> {
  const ratios: number[] = []
  for (let round = 0; round < rounds; round++) {
    for (const operation of known) {
      const before = await requestsPerSecond(fresh, operation, requests)
      const after = await requestsPerSecond(used, operation, requests)
      const again = await requestsPerSecond(fresh, operation, requests)
      ratios.push((after * 2) / (before + again))
    }
  }
  return ratios
}
