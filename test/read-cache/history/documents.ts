import { operationText } from '../../../src/graphql/operations.ts'

/** What the documents of one history ask for. */
export interface Subjects {
  /** The global ids and slugs of the article that most steps change, and of another one. */
  article: { id: string; slug: string }
  other: { id: string; slug: string }
  person: { id: string; slug: string }
  organisation: { id: string; slug: string }
  topic: { id: string; slug: string }
  parentTopic: { slug: string }
  /** The global ids of an approved comment, a reply to it, and a pending comment of the reader "one". */
  comment: string
  reply: string
  pending: string
  /** A word of the text of the article. */
  word: string
}

interface Question {
  query: string
  variables?: object
}

/** Documents by name: pages as clients show them, and single fields with nothing beside them. */
export const documents = {
  page: ({ article }) => ({ query: operationText('ArticlePage'), variables: { slug: article.slug } }),
  storyPage: ({ article }) => ({ query: operationText('StoryPage'), variables: { slug: article.slug } }),
  related: ({ other }) => ({
    query: `{ article(id: "${other.id}") { related(first: 3) { slug headline commentCount commentingOpen } } }`,
  }),
  firstComments: ({ article }) => ({
    query: `{ article(id: "${article.id}") { comments(topLevelOnly: true) { totalCount edges { node { body cursor replyCount } } } } }`,
  }),
  byUrl: ({ article }) => ({
    query: 'query ($url: String!) { article(url: $url) { slug } }',
    variables: { url: `https://dateline.example/${article.slug}` },
  }),
  topic: ({ topic }) => ({ query: `{ topic(slug: "${topic.slug}") { name parent { name } } }` }),
  otherPage: ({ other }) => ({ query: operationText('ArticlePage'), variables: { slug: other.slug } }),
  frontPage: () => ({ query: operationText('FrontPage'), variables: { first: 8 } }),
  commentEvents: ({ article }) => ({
    query: operationText('CommentEvents'),
    variables: { articleId: article.id },
  }),
  cursors: () => ({ query: '{ articles(first: 4) { edges { node { feedCursor } } } }' }),
  headline: ({ article }) => ({ query: `{ article(slug: "${article.slug}") { headline } }` }),
  commentCount: ({ article }) => ({ query: `{ article(id: "${article.id}") { commentCount } }` }),
  commentingOpen: ({ article }) => ({ query: `{ article(id: "${article.id}") { commentingOpen } }` }),
  twoAliases: ({ article, other }) => ({
    query: `{ a: article(id: "${article.id}") { ...Short } b: article(slug: "${other.slug}") { ...Short } }
      fragment Short on Article { headline corrections { text kind } comments(first: 2) { totalCount } }`,
  }),
  openings: () => ({ query: '{ articles(first: 6) { edges { node { commentingOpen } } } }' }),
  totals: () => ({ query: '{ articles(first: 1) { totalCount } }' }),
  inLanguage: () => ({
    query: '{ articles(first: 5, filter: { language: "de" }) { totalCount edges { node { slug } } } }',
  }),
  inTopic: ({ topic }) => ({
    query: `{ articles(first: 5, filter: { topic: "${topic.slug}" }) { totalCount edges { node { headline } } } }`,
  }),
  inParentTopic: ({ parentTopic }) => ({
    query: `{ articles(first: 5, filter: { topic: "${parentTopic.slug}" }) { edges { node { slug } } } }`,
  }),
  ofPerson: ({ person }) => ({
    query: `{ articles(first: 5, filter: { person: "${person.slug}" }) { totalCount edges { node { slug } } } }`,
  }),
  ofOrganisation: ({ organisation }) => ({
    query: `{ articles(first: 5, filter: { organisation: "${organisation.slug}" }) { edges { node { slug } } } }`,
  }),
  person: ({ person }) => ({
    query: `{ person(slug: "${person.slug}") {
      name description names { text kind } externalIds { value } affiliations { title organisation { name } }
      articles(first: 5) { totalCount edges { node { headline commentCount topic { name } } } }
      quotations(first: 5) { edges { node { text speaker { name } article { commentingOpen commentCount } } } }
    } }`,
  }),
  personById: ({ person }) => ({ query: `{ person(id: "${person.id}") { slug name } }` }),
  quotations: ({ person }) => ({
    query: `{ person(id: "${person.id}") { quotations { edges { node { article { commentingOpen } } } } } }`,
  }),
  quotationCounts: ({ person }) => ({
    query: `{ person(id: "${person.id}") { quotations { edges { node { article { commentCount } } } } } }`,
  }),
  organisation: ({ organisation }) => ({
    query: `{ organisation(id: "${organisation.id}") { name names { text } affiliations { title person { name } }
      articles(first: 5) { edges { node { slug commentCount } } } } }`,
  }),
  people: () => ({ query: '{ people(first: 5) { edges { node { name } } } }' }),
  peopleNamed: ({ person }) => ({
    query: `{ people(first: 5, filter: { name: "${person.slug.replaceAll('-', ' ')}" }) { edges { node { slug } } } }`,
  }),
  namedInArticle: ({ article }) => ({
    query: `{ article(id: "${article.id}") { people { roleAsPrinted person { name description } } organisations { organisation { name } }
      mentions { surface person { slug } } body { ... on QuotationBlock { quotation { speaker { name } via } } } topic { name parent { slug } } } }`,
  }),
  topics: () => ({ query: '{ topics(first: 100) { edges { node { slug name parent { name } } } } }' }),
  topicArticles: ({ topic }) => ({
    query: `query ($id: ID!) { node(id: $id) { ... on Topic { name articles(first: 5) { totalCount edges { node { slug commentingOpen } } } } } }`,
    variables: { id: topic.id },
  }),
  guidelines: () => ({ query: '{ guidelines { code title } }' }),
  guidelinesInTurkish: () => ({
    query: '{ guidelines { title(language: "tr") description(language: "tr") } }',
  }),
  search: ({ word }) => ({
    query: `query ($text: String!) { search(text: $text) { articles(first: 5) { totalCount edges { node { headline commentingOpen } } }
      people { name } organisations { name } } }`,
    variables: { text: word },
  }),
  searchPerson: ({ person }) => ({
    query: `query ($text: String!) { search(text: $text) { people { slug name } articles(first: 5) { edges { node { slug commentCount } } } } }`,
    variables: { text: person.slug.replaceAll('-', ' ') },
  }),
  thread: ({ comment }) => ({
    query: `query ($id: ID!) { node(id: $id) { ... on Comment { body replyCount replies(first: 5) { totalCount edges { node { body parentRemoved } } }
      thread(first: 9) { totalCount edges { node { id } } } article { commentCount commentingOpen } } } }`,
    variables: { id: comment },
  }),
  reply: ({ reply }) => ({
    query:
      'query ($id: ID!) { node(id: $id) { ... on Comment { status parentRemoved parent { body } article { headline } } } }',
    variables: { id: reply },
  }),
  pending: ({ pending }) => ({
    query:
      'query ($id: ID!) { node(id: $id) { id ... on Comment { body status viewerIsAuthor rejectedFor { title } } } }',
    variables: { id: pending },
  }),
  repliesOnPage: ({ article }) => ({
    query: `{ article(id: "${article.id}") { comments(first: 9, orderBy: OLDEST_FIRST) { edges { cursor node {
      body replies(first: 2) { edges { node { body } } } article { commentingOpen } viewerIsAuthor rejectedFor { code } } } } } }`,
  }),
  nodeOfArticle: ({ article }) => ({
    query:
      'query ($id: ID!) { node(id: $id) { ... on Article { slug commentingOpen leadImage { url credit } } } }',
    variables: { id: article.id },
  }),
  nodeOfPerson: ({ person }) => ({
    query: 'query ($id: ID!) { node(id: $id) { __typename ... on Person { name names { text } } } }',
    variables: { id: person.id },
  }),
  viewer: () => ({
    query: '{ viewer { role displayName comments(first: 5) { totalCount edges { node { body status } } } } }',
  }),
  viewerRole: () => ({ query: '{ viewer { role } }' }),
  editorsOnly: ({ article }) => ({
    query: `{ article(id: "${article.id}") { status embargoedUntil draft leadImage { syndicatable partners } } }`,
  }),
} satisfies Record<string, (subjects: Subjects) => Question>

export type DocumentName = keyof typeof documents

export const documentNames = Object.keys(documents) as DocumentName[]

export function questionOf(name: DocumentName, subjects: Subjects): Question {
  return documents[name](subjects)
}

/** Public feeds, by path. */
export const FEEDS = ['/feeds/rss.xml', '/feeds/atom.xml', '/feeds/feed.json'] as const
