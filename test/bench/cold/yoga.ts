import { hash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PrismaPg } from '@prisma/adapter-pg'
import { createYoga, type Plugin } from 'graphql-yoga'
import { PrismaClient } from '../../../src/db/client/client.ts'
import { type Loading, yogaSchema } from './yoga-schema.ts'

export interface YogaOptions {
  loading: Loading
  /** Whether statements are prepared: PostgreSQL then parses and plans them once per connection. */
  prepared: boolean
  plugins?: Plugin[]
}

/** GraphQL Yoga with Pothos and Prisma; it caches parsed and validated documents by default. */
export function serveYoga({ loading, prepared, plugins = [] }: YogaOptions): void {
  const names = new Map<string, string>()
  const nameOf = (sql: string) => {
    const name = names.get(sql) ?? hash('sha256', sql).slice(0, 32)
    if (names.size < 500) names.set(sql, name)
    return name
  }
  const adapter = new PrismaPg(
    { connectionString: process.env.DATABASE_URL, max: 10, options: '-c TimeZone=UTC -c jit=off' },
    prepared ? { statementNameGenerator: ({ sql }) => nameOf(sql) } : {},
  )
  const schema = yogaSchema(new PrismaClient({ adapter }), loading)
  const server = createServer(
    createYoga({ schema, plugins, logging: 'error', graphiql: false, landingPage: false }),
  )
  server.listen(0, '127.0.0.1', () => {
    console.log(`listens on http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`)
  })
}
