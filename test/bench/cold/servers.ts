import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PrismaClient } from '../../../src/db/client/client.ts'
import { type Gateway, spawnGateway } from '../support/gateway.ts'
import type { Dialect } from './documents.ts'

const PEERS = join(import.meta.dirname, '../peers')

export interface ServerKind {
  name: string
  dialect: Dialect
  /** Another program than the gateway. */
  file?: string
}

/** All measured servers, by the name that the option --servers takes. */
export const serverKinds: Record<string, ServerKind> = {
  bare: { name: 'raw pg', dialect: 'gateway', file: join(import.meta.dirname, 'bare.ts') },
  postgraphile: { name: 'PostGraphile 5', dialect: 'postgraphile', file: join(PEERS, 'postgraphile.js') },
  mercurius: { name: 'Mercurius', dialect: 'gateway', file: join(PEERS, 'mercurius.js') },
  apollo: { name: 'Apollo', dialect: 'gateway', file: join(PEERS, 'apollo.js') },
  stock: { name: 'yoga, stock', dialect: 'gateway', file: join(import.meta.dirname, 'yoga-stock.ts') },
  tuned: { name: 'yoga, tuned', dialect: 'gateway', file: join(import.meta.dirname, 'yoga-tuned.ts') },
  dateline: { name: 'Dateline', dialect: 'gateway' },
}

/** The gateway as in production; its peers take what they know of these. */
const PRODUCTION = {
  NODE_ENV: 'production',
  // Each request is read from the database.
  READ_CACHE_MB: '0',
  GRAPHILE_ENV: 'production',
  AUTH_SECRET: 'a secret of the benchmark, which no token was signed with',
  AUTH_ISSUER: 'https://issuer.example',
  AUTH_AUDIENCE: 'dateline',
  LOG_LEVEL: 'warn',
}

export function startServer({ file }: ServerKind, databaseUrl: string): Promise<Gateway> {
  return spawnGateway({ ...PRODUCTION, DATABASE_URL: databaseUrl }, file)
}

/** Adds what servers need that make their schema from the database. */
export async function addPublicArticles(prisma: PrismaClient): Promise<void> {
  const sql = readFileSync(join(import.meta.dirname, 'public-articles.sql'), 'utf8')
  for (const statement of sql.split(/^(?=CREATE)/m).slice(1)) await prisma.$executeRawUnsafe(statement)
  await prisma.$executeRaw`ANALYZE`
}

/** Installs the packages of the peers where they are missing. */
export function installPeers(kinds: readonly ServerKind[]): void {
  const needed = kinds.some(({ file }) => file?.startsWith(PEERS))
  if (!needed || existsSync(join(PEERS, 'node_modules'))) return
  console.error('The packages of the peers are not installed: npm ci --prefix test/bench/peers')
  const { status } = spawnSync(
    'npm',
    ['ci', '--prefix', PEERS, '--no-audit', '--no-fund', '--ignore-scripts'],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  )
  if (status === 0) return
  console.error('The packages of the peers could not be installed.')
  process.exit(1)
}
