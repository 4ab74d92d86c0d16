import { operationText } from '../../src/graphql/operations.ts'

/** A request whose cost must not grow with the newsroom of filled-newsroom.ts. */
export interface GrowingPage {
  name: string
  query: string
  role?: 'reader' | 'moderator' | 'editor'
}

const ARTICLES = '{ edges { node { slug headline publishedAt } } pageInfo { hasNextPage endCursor } }'
const COMMENTS = '{ edges { node { id body submittedAt } } pageInfo { hasNextPage endCursor } }'
const DECISIONS = '{ edges { node { verdict moderatorName comment { body } } } }'

const cursor = (values: object) => Buffer.from(JSON.stringify(values)).toString('base64url')
/** In the middle of the newsroom, and of its comments. */
export interface Middle {
  /** The publication time of an article in the middle. */
  at: string
  /** The global id of article 1. */
  articleId: string
  /** The global id of reader 1. */
  readerId: string
  position: number
}

const ZERO = '00000000-0000-0000-0000-000000000000'

export function growingPages({ at, articleId, readerId, position }: Middle): GrowingPage[] {
  const after = cursor({ publishedAt: at, id: ZERO })
  const submitted = cursor({ submittedAt: at, id: ZERO })
  const articles = (name: string, args: string): GrowingPage => ({
    name: `articles ${name}`,
    query: `{ articles(${args}) ${ARTICLES} }`,
  })
  const filtered = (name: string, filter: string): GrowingPage[] => [
    articles(name, `filter: { ${filter} }`),
    articles(`${name}, middle`, `after: "${after}", filter: { ${filter} }`),
  ]
  const search = (name: string, args: string): GrowingPage => ({
    name: `search ${name}`,
    query: `{ search(${args}) { articles ${ARTICLES} people { name } organisations { name } } }`,
  })
  const queue = (name: string, args: string): GrowingPage => ({
    name: `moderation queue ${name}`,
    query: `{ moderationQueue(${args}) ${COMMENTS} }`,
    role: 'moderator',
  })
  const moderator = (name: string, query: string): GrowingPage => ({ name, query, role: 'moderator' })
  const editorial = (name: string, args: string): GrowingPage => ({
    name: `editorial articles ${name}`,
    query: `{ editorialArticles(${args}) ${ARTICLES} }`,
    role: 'editor',
  })
  const related = (slug: string) => `{ article(slug: "${slug}") { related { slug headline } } }`
  const entity = (root: string, name: string): GrowingPage => ({
    name: `${root} ${name}`,
    query: `{ ${root}(slug: "${root}-${name}") { name articles ${ARTICLES} quotations { edges { node { text } } } } }`,
  })
  return [
    { name: 'front page', query: operationText('FrontPage') },
    {
      name: 'article page',
      query: operationText('ArticlePage').replace('$slug: String!', '$slug: String! = "article-1"'),
    },
    articles('newest', 'first: 20'),
    articles('middle', `after: "${after}"`),
    articles('backwards', `last: 20, before: "${after}"`),
    ...filtered('in English', 'language: "en"'),
    ...filtered('in British English', 'language: "en-GB"'),
    ...filtered('in a rare language', 'language: "de"'),
    ...filtered('in a language without articles', 'language: "cy"'),
    ...filtered('of a topic', 'topic: "topic-4"'),
    ...filtered('of a rare topic', 'topic: "topic-2"'),
    ...filtered('of a topic without articles', 'topic: "topic-3"'),
    ...filtered('of a frequent person', 'person: "person-1"'),
    ...filtered('of a rare person', 'person: "person-2"'),
    ...filtered('of an unknown person', 'person: "nobody"'),
    ...filtered('of a frequent organisation', 'organisation: "organisation-1"'),
    ...filtered('of a time', `publishedBefore: "${at}"`),
    ...filtered('in a language, of a person', 'language: "de", person: "person-1"'),
    ...filtered('in a language, of a topic', 'language: "de", topic: "topic-4"'),
    search('a frequent word', 'text: "council"'),
    search('two frequent words', 'text: "council water"'),
    search('a rare word', 'text: "lighthouse"'),
    search('a rare word in a language', 'text: "lighthouse", language: "de"'),
    search('a frequent word in a rare language', 'text: "council", language: "de"'),
    search('a frequent word in a language without articles', 'text: "council", language: "cy"'),
    search('a frequent person', 'text: "Person1 Surname1"'),
    search('a rare person', 'text: "Person2 Surname2"'),
    search('a misspelt person', 'text: "Persom2 Surnane2"'),
    search('an unknown word', 'text: "zzzz"'),
    { name: 'search count', query: '{ search(text: "council") { articles(first: 1) { totalCount } } }' },
    entity('person', '1'),
    entity('person', '2'),
    entity('organisation', '1'),
    { name: 'people', query: '{ people { edges { node { name } } } }' },
    { name: 'people by name', query: '{ people(filter: { name: "surname2" }) { edges { node { name } } } }' },
    { name: 'organisations', query: '{ organisations { edges { node { name } } } }' },
    { name: 'topics', query: '{ topics { edges { node { name } } } }' },
    {
      name: 'topics with articles',
      query: `{ topics(first: 100) { edges { node { name articles(first: 5) ${ARTICLES} } } } }`,
    },
    { name: 'comments', query: `{ article(slug: "article-1") { comments ${COMMENTS} } }` },
    {
      name: 'comments, middle',
      query: `{ article(slug: "article-1") { comments(after: "${cursor({ position })}") ${COMMENTS} } }`,
    },
    {
      name: 'comments, oldest first',
      query: `{ article(slug: "article-1") { comments(orderBy: OLDEST_FIRST) ${COMMENTS} } }`,
    },
    ...['NEWEST_FIRST', 'OLDEST_FIRST'].flatMap((order) => [
      {
        name: `first comments, ${order}`,
        query: `{ article(slug: "article-1") { comments(topLevelOnly: true, orderBy: ${order}) ${COMMENTS} } }`,
      },
      {
        name: `first comments, ${order}, middle`,
        query: `{ article(slug: "article-1") { comments(topLevelOnly: true, orderBy: ${order}, after: "${cursor({ position })}") ${COMMENTS} } }`,
      },
    ]),
    { name: 'related articles of an old one', query: related('article-1') },
    { name: 'related articles of a new one', query: related('article-2999') },
    { name: 'an article by URL', query: '{ article(url: "http://www.news.example/7/#top") { slug } }' },
    {
      name: 'replies',
      query: `{ article(slug: "article-1") { comments(first: 1, orderBy: OLDEST_FIRST) { edges { node { replies ${COMMENTS} thread ${COMMENTS} } } } } }`,
    },
    { name: 'comment events', query: `{ commentEvents(articleId: "${articleId}") { edges { cursor } } }` },
    queue('pending', 'first: 20'),
    queue('middle', `after: "${submitted}"`),
    queue('in a language', 'filter: { language: "cy" }'),
    queue('of an article', `filter: { articleId: "${articleId}" }`),
    queue('approved', 'filter: { status: APPROVED }'),
    queue('rejected, of an article', `filter: { articleId: "${articleId}", status: REJECTED }`),
    queue('approved, in a language', 'filter: { status: APPROVED, language: "cy" }'),
    queue('of a reader', `filter: { readerId: "${readerId}" }`),
    queue('with a word', 'filter: { text: "comment" }'),
    queue('with a rare word', 'filter: { text: "zzzz" }'),
    queue('replies', 'filter: { isReply: true }'),
    queue('replies, middle', `after: "${submitted}", filter: { isReply: false }`),
    queue('of a time', `filter: { submittedFrom: "${at}" }`),
    moderator(
      'counts',
      '{ moderationCounts { total byArticle { article { headline } } byLanguage { count } } }',
    ),
    moderator(
      'counts of an article',
      `{ moderationCounts(filter: { articleId: "${articleId}" }) { total } }`,
    ),
    moderator('decisions', `{ decisions ${DECISIONS} }`),
    moderator('decisions, middle', `{ decisions(after: "${cursor({ at, id: ZERO })}") ${DECISIONS} }`),
    moderator(
      'decisions of a rare moderator',
      `{ decisions(filter: { moderator: "moderator-2" }) ${DECISIONS} }`,
    ),
    moderator('decisions on an article', `{ decisions(filter: { articleId: "${articleId}" }) ${DECISIONS} }`),
    moderator('readers', '{ readers { edges { node { displayName commentCounts { approved } } } } }'),
    moderator(
      'readers by name',
      '{ readers(filter: { search: "reader 77" }) { edges { node { displayName } } } }',
    ),
    moderator('banned readers', '{ readers(filter: { status: BANNED }) { edges { node { displayName } } } }'),
    ...['', '(status: PENDING)', '(status: REJECTED)'].map((status) =>
      moderator(
        `comments of a reader ${status}`,
        `{ reader(id: "${readerId}") { commentCounts { pending } comments${status} ${COMMENTS} } }`,
      ),
    ),
    { name: 'own comments', query: `{ viewer { comments ${COMMENTS} } }`, role: 'reader' },
    {
      name: 'own comments on an article',
      query: `{ viewer { comments(articleId: "${articleId}") ${COMMENTS} } }`,
      role: 'reader',
    },
    ...[
      '',
      'state: PUBLIC',
      'state: EMBARGOED',
      'state: WITHHELD',
      'state: CANCELED',
      'commentingOpen: false',
      'text: "headline"',
      'text: "headline 17"',
      'text: "zzzz"',
      'state: PUBLIC, text: "zzzz"',
    ].flatMap((filter): GrowingPage[] => [
      editorial(filter, `filter: { ${filter} }`),
      editorial(`${filter}, middle`, `after: "${after}", filter: { ${filter} }`),
    ]),
    { name: 'ledger', query: '{ ledger { edges { node { version } } } }', role: 'editor' },
    {
      name: 'ledger of a partner',
      query: '{ ledger(partner: "partner-2") { edges { node { version } } } }',
      role: 'editor',
    },
    {
      name: 'ledger of an article',
      query: `{ ledger(articleId: "${articleId}") { edges { node { version } } } }`,
      role: 'editor',
    },
    { name: 'changes', query: '{ changes { edges { node { at } } } }', role: 'editor' },
    { name: 'articles for editors', query: `{ articles ${ARTICLES} }`, role: 'editor' },
  ]
}

/** The feeds of filled-newsroom.ts. */
export const growingFeeds = [
  '/feeds/rss.xml',
  '/feeds/language/en/rss.xml',
  '/feeds/language/de/rss.xml',
  '/feeds/language/cy/rss.xml',
  '/feeds/topic/topic-4/rss.xml',
  '/feeds/topic/topic-2/rss.xml',
  '/feeds/topic/topic-3/rss.xml',
  '/feeds/person/person-1/rss.xml',
  '/feeds/person/person-2/rss.xml',
  '/feeds/organisation/organisation-1/rss.xml',
  '/feeds/news-sitemap.xml',
]
