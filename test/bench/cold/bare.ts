import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'

// The limit to measure against: no GraphQL. PostgreSQL writes the response, and this server passes it on.

const read = (file: string) =>
  readFileSync(join(import.meta.dirname, file), 'utf8').replace(' AS page', '::text AS page')
const articleSql = read('article.sql')
const frontPageSql = read('front-page.sql')
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10, options: '-c TimeZone=UTC' })

const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  const { slug } = JSON.parse(body).variables
  const { rows } = slug
    ? await pool.query<{ page: string }>({ name: 'article', text: articleSql, values: [slug] })
    : await pool.query<{ page: string }>({ name: 'front-page', text: frontPageSql })
  const page = rows[0]?.page ?? 'null'
  response.setHeader('content-type', 'application/json')
  response.end(`{"data":{"${slug ? 'article' : 'articles'}":${page}}}`)
})
server.listen(0, '127.0.0.1', () => {
  console.log(`listens on http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`)
})
