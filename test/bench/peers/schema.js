import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'

// What Apollo and Mercurius serve: the gateway's types as far as the documents of the benchmark need them. The
// resolver of each page has one prepared statement, written by hand, in which PostgreSQL makes the whole page;
// the default resolvers select from it.

export const typeDefs = /* GraphQL */ `
  type Query {
    article(slug: String!): Article
    articles(first: Int): ArticleConnection!
  }
  type ArticleConnection { edges: [ArticleEdge!]! pageInfo: PageInfo! }
  type ArticleEdge { node: Article! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type Article {
    id: ID!
    slug: String!
    headline: String!
    standfirst: String
    language: String!
    publishedAt: String!
    updatedAt: String!
    commentCount: Int!
    dateline: Dateline
    topic: Topic
    leadImage: Image
    body: [Block!]!
    people: [ArticlePerson!]!
    organisations: [ArticleOrganisation!]!
    comments(first: Int): CommentConnection!
  }
  type Dateline { text: String! }
  type Topic { slug: String! name: String! }
  type Image { url: String! alt: String caption: String credit: String }
  interface Block { kind: String! position: Int! }
  type Paragraph implements Block { kind: String! position: Int! text: String! }
  type Heading implements Block { kind: String! position: Int! text: String! level: Int! }
  type ArticlePerson { roleAsPrinted: String person: Person! }
  type Person { id: ID! name: String! }
  type ArticleOrganisation { organisation: Organisation! }
  type Organisation { id: ID! name: String! }
  type CommentConnection { edges: [CommentEdge!]! pageInfo: PageInfo! }
  type CommentEdge { node: Comment! }
  type Comment { id: ID! body: String! author: Author! submittedAt: String! approvedAt: String }
  type Author { displayName: String! }
`

const read = (file) => readFileSync(join(import.meta.dirname, '../cold', file), 'utf8')
const articleSql = read('article.sql')
const frontPageSql = read('front-page.sql')
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10, options: '-c TimeZone=UTC' })

export const resolvers = {
  Query: {
    article: async (_root, { slug }) => {
      const { rows } = await pool.query({ name: 'article', text: articleSql, values: [slug] })
      return rows[0]?.page ?? null
    },
    articles: async () => (await pool.query({ name: 'front-page', text: frontPageSql })).rows[0].page,
  },
  Block: { __resolveType: ({ kind }) => (kind === 'HEADING' ? 'Heading' : 'Paragraph') },
}
