import { createHash } from 'node:crypto'
import { operationText } from '../../../src/graphql/operations.ts'
import { globalId } from '../../support/newsroom.ts'
import { rare } from './fill.ts'

// What readers, editors' pages and moderators ask for. Each must cost the same in a small and in a large newsroom.

export interface Page {
  name: string
  /** A document, or the path of a feed. */
  query?: string
  path?: string
  variables?: Record<string, unknown>
  /** Where the response to `query` has the cursor that the measured requests give as "after". */
  cursor?: (data: never) => string
  moderator?: boolean
}

const commented = globalId('Article', keyOf('article1'))
const plain = globalId('Article', keyOf('article3'))

const CARD = `id slug headline standfirst publishedAt commentCount leadImage { url alt } topic { slug name }
  people { roleAsPrinted person { id name } }`
const COMMENT = 'id body author { displayName } submittedAt approvedAt'
const articlePage = operationText('ArticlePage')
  .replace('$slug: String!', '$id: ID!')
  .replace('article(slug: $slug)', 'article(id: $id)')
const frontPage = operationText('FrontPage')
const queue = operationText('ModerationQueue')

type Connection = { pageInfo: { endCursor: string } }
const endOf = ({ articles }: { articles: Connection }) => articles.pageInfo.endCursor

export const pages: readonly Page[] = [
  { name: 'page of an article with comments', query: articlePage, variables: { id: commented } },
  { name: 'page of an article without comments', query: articlePage, variables: { id: plain } },
  {
    name: 'older comments of an article',
    query: `query($id: ID!, $after: String) { article(id: $id) {
      comments(first: 20, after: $after) { edges { node { ${COMMENT} } } pageInfo { endCursor } } } }`,
    variables: { id: commented },
    cursor: ({ article }: { article: { comments: Connection } }) => article.comments.pageInfo.endCursor,
  },
  {
    name: 'comments with their number, oldest first',
    query: `query($id: ID!) { article(id: $id) {
      comments(first: 20, orderBy: OLDEST_FIRST) { totalCount edges { node { ${COMMENT} replyCount } } } } }`,
    variables: { id: commented },
  },
  {
    name: 'comments with replies and threads',
    query: `query($id: ID!) { article(id: $id) { comments(first: 5) { edges { node { ${COMMENT}
      replies(first: 3) { edges { node { ${COMMENT} } } } thread(first: 3) { edges { node { id } } } } } } } }`,
    variables: { id: commented },
  },
  {
    name: 'events of the comment feed',
    query: operationText('CommentEvents'),
    variables: { articleId: commented, first: 20 },
  },
  {
    name: 'page of a story with related articles and threads',
    query: operationText('StoryPage')
      .replace('$slug: String!', '$id: ID!')
      .replace('article(slug: $slug)', 'article(id: $id)'),
    variables: { id: commented },
  },
  {
    name: 'threads of an article with their number',
    query: operationText('CommentThreads'),
    variables: { id: commented, first: 20 },
  },
  { name: 'front page', query: frontPage },
  { name: 'second page of the list', query: frontPage, cursor: endOf },
  {
    name: 'list with its length',
    query: '{ articles(first: 20) { totalCount edges { node { id headline } } } }',
  },
  { name: 'list by topic', query: frontPage, variables: { filter: { topic: 'politics' } } },
  { name: 'list by rare topic', query: frontPage, variables: { filter: { topic: 'astronomy' } } },
  { name: 'list by language', query: frontPage, variables: { filter: { language: 'en' } } },
  { name: 'list by rare language', query: frontPage, variables: { filter: { language: rare.language } } },
  { name: 'list by person', query: frontPage, variables: { filter: { person: 'person-3' } } },
  {
    name: 'list by organisation',
    query: frontPage,
    variables: { filter: { organisation: 'organisation-3' } },
  },
  {
    name: 'page of a person',
    query: `{ person(slug: "person-3") { name articles(first: 20) { edges { node { ${CARD} } } } } }`,
  },
  { name: 'list of people', query: '{ people(first: 20) { edges { node { id slug name } } } }' },
  { name: 'list of topics', query: '{ topics { edges { node { slug name } } } }' },
  { name: 'search for a rare word', query: searchFor(rare.word) },
  { name: 'search for a word of every article', query: searchFor('council') },
  { name: 'search for a name', query: searchFor('Hasani') },
  ...['rss.xml', 'atom.xml', 'feed.json', 'ninjs.json', 'news-sitemap.xml', 'topic/politics/rss.xml'].map(
    (path) => ({ name: `feed ${path}`, path: `/feeds/${path}` }),
  ),
  { name: 'moderation queue', query: queue, moderator: true },
  { name: 'readers', query: operationText('Readers'), moderator: true },
  {
    name: 'moderation queue with its length',
    query: '{ moderationQueue(first: 20) { totalCount edges { node { id body } } } }',
    moderator: true,
  },
  {
    name: 'second page of the moderation queue',
    query: queue,
    cursor: ({ moderationQueue }: { moderationQueue: Connection }) => moderationQueue.pageInfo.endCursor,
    moderator: true,
  },
]

function searchFor(text: string): string {
  return `{ search(text: "${text}") { articles(first: 20) { edges { node { ${CARD} } } } people { id name } } }`
}

/** The key of a row that fill.ts made by SQL. */
function keyOf(text: string): string {
  return createHash('md5')
    .update(text)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
