import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '../../src/auth/viewer.ts'
import { schema } from '../../src/schema/schema.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { globalId } from '../support/newsroom.ts'
import {
  COMMENT_MARK,
  EMBARGO,
  NOON,
  newsroomWithSecrets,
  PAST_EMBARGO,
  type Secrets,
  STORY_MARK,
  secretIds,
} from './secrets.ts'
import { depthOf, follow, type Step, stepsFrom, stepsThrough, walks } from './walk.ts'

let app: TestApp
let secrets: Secrets
let now = NOON

beforeAll(async () => {
  app = await freshApp({ now: () => now })
  secrets = await newsroomWithSecrets(app.database.prisma)
})

afterAll(() => app.close())

afterEach(() => {
  now = NOON
})

/** Sends a query and returns the answer's text, together with what its ids and cursors say. */
async function answerTo(query: string, token?: string): Promise<string> {
  const response = await fetch(app.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: JSON.stringify({ query }),
  })
  const text = await response.text()
  for (const { extensions } of JSON.parse(text).errors ?? []) {
    expect(
      ['NOT_SIGNED_IN', 'FORBIDDEN', 'QUERY_TOO_LARGE', ...notFound(query)],
      `${query} → ${text}`,
    ).toContain(extensions?.code)
  }
  const tokens = text.match(/[\w-]{16,}={0,2}/g) ?? []
  return [text, ...tokens.map((token) => Buffer.from(token, 'base64url').toString('latin1'))].join('\n')
}

/**
 * The feed of an article that the viewer may not see is answered as if there were none. Together with a feed
 * cursor it is refused.
 */
const notFound = (query: string) => {
  if (!query.startsWith('{ commentEvents')) return []
  return query.includes('feedCursor') ? ['NOT_FOUND', 'INVALID_INPUT'] : ['NOT_FOUND']
}

const embargoTimes = [EMBARGO, PAST_EMBARGO].map((time) => time.toISOString().slice(0, 16))
const storySecrets = () => [
  STORY_MARK,
  ...embargoTimes,
  ...Object.values(secrets.hidden).flatMap(({ key, slug }) => [key, slug]),
]
const commentSecrets = () => [
  COMMENT_MARK,
  secrets.comments.retracted.id,
  secrets.comments.pending.id,
  secrets.comments.rejected.id,
]

function expectNone(answer: string, forbidden: string[], query: string): void {
  for (const secret of forbidden)
    expect(answer.includes(secret), `"${secret}" in the answer to ${query}`).toBe(false)
}

/** Every field of Query with every choice of arguments that might bring a secret to light. */
function entrances(): Step[] {
  const ids = secretIds(secrets)
  const blank = Buffer.from(JSON.stringify({ publishedAt: '2027-01-01T00:00:00.000Z', id: secrets.open.key }))
  const filters = [
    ...['topic: "world"', 'topic: "region"', 'language: "en"', 'person: "speaker"', 'organisation: "bureau"'],
    `person: "${globalId('Person', secrets.person)}"`,
    ...['publishedFrom: "2026-01-01T00:00:00Z"', 'publishedBefore: "2030-01-01T00:00:00Z"'],
  ]
  const slugs = ['open', ...Object.values(secrets.hidden).map(({ slug }) => slug)]
  const stories = [secrets.open, ...Object.values(secrets.hidden)]
  const searches = [
    STORY_MARK,
    `${STORY_MARK} paragraph`,
    'headline',
    'Example Speaker',
    'Bureu',
    COMMENT_MARK,
  ]
  const choices: Record<string, string[]> = {
    node: [
      ...ids,
      globalId('Comment', secrets.comments.answer.id),
      globalId('Person', secrets.person),
      globalId('Organisation', secrets.organisation),
      secrets.open.id,
    ].map((id) => `(id: "${id}")`),
    commentEvents: stories.map(({ id }) => `(articleId: "${id}", first: 5)`),
    article: [
      ...slugs.map((slug) => `(slug: "${slug}")`),
      ...ids.map((id) => `(id: "${id}")`),
      ...slugs.map((slug) => `(url: "https://dateline.example/${slug}")`),
    ],
    articles: [
      ...['(first: 5)', '(last: 5)', `(first: 5, after: "${blank.toString('base64url')}")`],
      ...filters.map((filter) => `(first: 5, filter: { ${filter} })`),
    ],
    person: ['(slug: "speaker")'],
    organisation: ['(slug: "bureau")'],
    people: ['(first: 5)', '(first: 5, filter: { name: "speaker" })'],
    organisations: ['(first: 5)', '(first: 5, filter: { name: "bureau" })'],
    topics: ['(first: 5)'],
    search: searches.map((text) => `(text: "${text}")`),
    guidelines: [''],
    viewer: [''],
    changes: ['(first: 5)'],
    licensedArticle: stories.map(({ id }) => `(id: "${id}")`),
    licensedArticleResult: stories.map(({ id }) => `(id: "${id}")`),
    removals: ['(first: 5)'],
    openRecalls: ['(first: 5)'],
    ledger: ['(first: 5)'],
    recall: stories.map(({ id }) => `(articleId: "${id}")`),
    partner: ['(slug: "wire")'],
    partners: ['(first: 5)'],
    viewerPartner: [''],
    topic: ['(slug: "world")', '(slug: "region")'],
    moderationCounts: ['', `(filter: { articleId: "${ids[0]}" })`],
    decisions: ['(first: 5)', `(first: 5, filter: { articleId: "${ids[0]}" })`],
    readers: ['(first: 5)', `(first: 5, filter: { search: "${COMMENT_MARK}" })`],
    reader: [`(subject: "${COMMENT_MARK} pending")`],
    editorialArticles: ['(first: 5)', '(first: 5, filter: { state: WITHHELD })'],
    moderationQueue: ['(first: 5)', `(first: 5, filter: { articleId: "${ids[0]}", status: REJECTED })`],
  }
  const fields = schema.getQueryType()!.getFields()
  expect(Object.keys(choices).toSorted(), 'a root field without a walk').toEqual(
    Object.keys(fields).toSorted(),
  )
  return Object.values(fields).flatMap((field) =>
    choices[field.name]!.flatMap((given) => stepsThrough(field, 5, given)),
  )
}

/** Queries of two steps behind each entrance: one in `every` of them, other ones behind each entrance. */
function shortWalks(every: number): string[] {
  return entrances().flatMap((entrance, at) =>
    walks(entrance.to, 2)
      .filter((_, i) => (i + at) % every === 0)
      .map((path) => `{ ${follow([entrance, ...path])} }`),
  )
}

const patient = 300_000

describe.each([
  { who: 'anybody', role: undefined },
  { who: 'a reader', role: 'reader' },
  { who: 'a moderator', role: 'moderator' },
] as { who: string; role?: Role }[])('as $who', ({ role }) => {
  const forbidden = (query: string) => {
    if (role === 'moderator') return storySecrets()
    // A retraction says which comment was retracted, and no more.
    const said = query.startsWith('{ commentEvents') ? [secrets.comments.retracted.id] : []
    return [...storySecrets(), ...commentSecrets().filter((secret) => !said.includes(secret))]
  }

  test('no walk of two steps from any root field meets a secret', { timeout: patient }, async () => {
    const token = role && (await app.token(role))
    for (const query of shortWalks(role ? 9 : 3)) {
      expectNone(await answerTo(query, token), forbidden(query), query)
    }
  })

  test('no long walk meets a secret', { timeout: patient }, async () => {
    const token = role && (await app.token(role))
    const choice = fc.array(fc.nat(1_000), { minLength: 4, maxLength: 6 })
    const all = entrances()
    const walk = fc.asyncProperty(fc.nat(1_000), choice, async (start, turns) => {
      const entrance = all[start % all.length]!
      const path: Step[] = [entrance]
      for (const turn of turns) {
        const onward = stepsFrom(path.at(-1)!.to, 3)
        if (onward.length > 0 && depthOf(path) <= 8) path.push(onward[turn % onward.length]!)
      }
      const query = `{ ${follow(path)} }`
      expectNone(await answerTo(query, token), forbidden(query), query)
    })
    await fc.assert(walk, { numRuns: role ? 60 : 150 })
  })
})

test('the same walks show an editor every secret of the stories', { timeout: patient }, async () => {
  const editor = await app.token('editor')
  let answers = ''
  for (const query of shortWalks(5)) answers += await answerTo(query, editor)
  const texts = [
    'headline',
    'kicker',
    'standfirst',
    'dateline',
    'byline',
    'paragraph',
    'heading',
    'quotation',
  ]
  const around = ['role', 'via', 'alt', 'caption', 'credit', 'terms', 'post', 'handle']
  for (const kind of Object.keys(secrets.hidden)) {
    for (const text of [...texts, ...around]) expect(answers).toContain(`${STORY_MARK} ${kind} ${text}`)
  }
  for (const secret of [...storySecrets(), ...commentSecrets(), `${STORY_MARK} correction`]) {
    expect(answers.includes(secret), secret).toBe(true)
  }
})

const page = 'edges { node { slug } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }'

describe('a hidden story', () => {
  test('is answered exactly as one that does not exist, by slug, id, node and feed', async () => {
    const nobody = globalId('Article', '01900000-0000-7000-8000-000000000000')
    for (const { id, slug } of Object.values(secrets.hidden)) {
      expect(await app.post(`{ article(slug: "${slug}") { headline } }`)).toEqual(
        await app.post('{ article(slug: "no-such-story") { headline } }'),
      )
      for (const field of ['article', 'node']) {
        const query = `query ($id: ID!) { ${field}(id: $id) { id } }`
        expect(await app.post(query, { id })).toEqual(await app.post(query, { id: nobody }))
      }
      const feed = 'subscription ($id: ID!) { commentFeed(articleId: $id) { __typename } }'
      expect(await streamed(feed, { id })).toEqual(await streamed(feed, { id: nobody }))
    }
  })

  test('takes comments as little as one that does not exist', async () => {
    const reader = await app.token('reader')
    const submit = `mutation ($id: ID!) { submitComment(input: { articleId: $id, body: "Hello" }) {
      __typename ... on Error { code message } } }`
    const nobody = globalId('Article', '01900000-0000-7000-8000-000000000000')
    for (const { id } of Object.values(secrets.hidden)) {
      expect(await app.post(submit, { id }, reader)).toEqual(await app.post(submit, { id: nobody }, reader))
    }
  })

  test('does not count as another page of any list', async () => {
    const lists = [
      `articles(first: 1) { ${page} }`,
      `articles(last: 1) { ${page} }`,
      `person(slug: "speaker") { articles(first: 1) { ${page} } }`,
      `organisation(slug: "bureau") { articles(first: 1) { ${page} } }`,
      `search(text: "headline") { articles(first: 1) { ${page} } }`,
    ]
    for (const list of lists) {
      const found = JSON.stringify(await app.ask(`{ ${list} }`))
      expect(found, list).toContain('{"node":{"slug":"open"}}')
      expect(found, list).toContain('"hasNextPage":false,"hasPreviousPage":false')
    }
    const { person } = await app.ask(`{ person(slug: "speaker") {
      quotations(first: 1) { edges { node { text } } pageInfo { hasNextPage } } } }`)
    expect(person.quotations).toEqual({
      edges: [{ node: { text: 'harmless quotation' } }],
      pageInfo: { hasNextPage: false },
    })
  })

  test('is not found by words that only it has, nor by those it shares', async () => {
    for (const text of [STORY_MARK, `${STORY_MARK} withheld headline`, 'withheld', 'embargoed paragraph']) {
      const { search } = await app.ask(`{ search(text: "${text}") { articles { ${page} } } }`)
      expect(search.articles.edges, text).toEqual([])
    }
  })

  test('keeps the comments under it to itself', async () => {
    const reader = await app.token('reader')
    for (const key of Object.values(secrets.below)) {
      const query = `{ node(id: "${globalId('Comment', key)}") { id } }`
      expect(await app.ask(query, {}, reader)).toEqual({ node: null })
      expect(await app.ask(query)).toEqual({ node: null })
    }
  })

  test('is not told to the author of a comment under it, who still has the comment', async () => {
    const name = `${COMMENT_MARK} withheld`
    const token = await authorsToken(name)
    const { viewer } = await app.ask(
      '{ viewer { comments { edges { node { body status article { headline } parent { body } } } } } }',
      {},
      token,
    )
    expect(viewer.comments.edges).toEqual([
      { node: { body: `${COMMENT_MARK} under withheld`, status: 'APPROVED', article: null, parent: null } },
    ])
  })

  test('is in the moderation queue as a comment without a story', async () => {
    const { moderationQueue } = await app.ask(
      `{ moderationQueue(filter: { articleId: "${secrets.hidden.withheld.id}", status: APPROVED }) {
        edges { node { body article { headline } } } } }`,
      {},
      await app.token('moderator'),
    )
    expect(moderationQueue.edges).toEqual([
      { node: { body: `${COMMENT_MARK} under withheld`, article: null } },
    ])
  })

  test('shows itself when its embargo lifts or its hour comes, and not a moment before', async () => {
    const headline = async (kind: 'embargoed' | 'coming') =>
      (await app.ask(`{ article(slug: "slug-${kind}") { headline embargoedUntil } }`)).article
    for (const [kind, hour] of [
      ['coming', new Date('2026-06-02T00:00:00Z')],
      ['embargoed', EMBARGO],
    ] as const) {
      now = new Date(hour.getTime() - 1)
      expect(await headline(kind)).toBeNull()
      now = hour
      expect(await headline(kind)).toEqual({
        headline: `${STORY_MARK} ${kind} headline`,
        embargoedUntil: null,
      })
      const { search } = await app.ask(`{ search(text: "${STORY_MARK} ${kind}") { articles { ${page} } } }`)
      expect(search.articles.edges).toEqual([{ node: { slug: `slug-${kind}` } }])
    }
  })

  test('and its embargo time are there for editors', async () => {
    const { article } = await app.ask(
      '{ article(slug: "slug-embargoed") { status embargoedUntil } }',
      {},
      await app.token('editor'),
    )
    expect(article).toEqual({ status: 'USABLE', embargoedUntil: EMBARGO.toISOString() })
  })
})

describe('a comment that is not approved', () => {
  const seen = (key: string, token?: string) =>
    app.ask(`{ node(id: "${globalId('Comment', key)}") { ... on Comment { body status } } }`, {}, token)

  test('is there for its author and for moderators only', async () => {
    const { pending, rejected, retracted } = secrets.comments
    const moderator = await app.token('moderator')
    const somebody = await app.token('reader', { name: 'Somebody' })
    for (const [state, comment] of Object.entries({ pending, rejected, retracted })) {
      const status = state === 'pending' ? 'PENDING' : 'REJECTED'
      const node = { body: `${COMMENT_MARK} ${state}`, status }
      const author = await authorsToken(`${COMMENT_MARK} ${state}`)
      expect(await seen(comment.id, author)).toEqual({ node })
      expect(await seen(comment.id, moderator)).toEqual({ node })
      expect(await seen(comment.id, somebody)).toEqual({ node: null })
      expect(await seen(comment.id)).toEqual({ node: null })
      const { viewer } = await app.ask('{ viewer { comments { edges { node { body } } } } }', {}, author)
      expect(viewer.comments.edges).toEqual([{ node: { body: node.body } }])
    }
  })

  test('is neither listed nor counted under its story', async () => {
    const { article } = await app.ask(`{ article(slug: "open") { commentCount
      all: comments { edges { node { body } } pageInfo { hasNextPage } }
      two: comments(first: 2, orderBy: OLDEST_FIRST) { edges { node { body } } pageInfo { hasNextPage } } } }`)
    expect(article.commentCount).toBe(2)
    const bodies = ['A comment that everybody sees', 'An answer to what was taken down']
    expect(article.two).toEqual({
      edges: bodies.map((body) => ({ node: { body } })),
      pageInfo: { hasNextPage: false },
    })
    expect(article.all.edges).toHaveLength(2)
  })

  test('is no parent either, not even for its author, since lists are shared; moderators see it', async () => {
    const query = `{ node(id: "${globalId('Comment', secrets.comments.answer.id)}") {
      ... on Comment { body parent { body article { slug } } } } }`
    const parentFor = async (token?: string) => (await app.ask(query, {}, token)).node.parent
    const parent = { body: `${COMMENT_MARK} retracted`, article: { slug: 'open' } }
    expect(await parentFor()).toBeNull()
    expect(await parentFor(await authorsToken('Answerer'))).toBeNull()
    expect(await parentFor(await authorsToken(`${COMMENT_MARK} retracted`))).toBeNull()
    expect(await parentFor(await app.token('moderator'))).toEqual(parent)
  })

  test('cannot be answered, exactly as one that does not exist', async () => {
    const reader = await app.token('reader')
    const submit = `mutation ($id: ID!, $parent: ID!) {
      submitComment(input: { articleId: $id, body: "Hello", parentId: $parent }) {
        __typename ... on Error { code message } } }`
    const answer = (key: string) =>
      app.post(submit, { id: secrets.open.id, parent: globalId('Comment', key) }, reader)
    const { pending, rejected, retracted } = secrets.comments
    for (const { id } of [pending, rejected, retracted]) {
      expect(await answer(id)).toEqual(await answer('01900000-0000-7000-8000-000000000000'))
    }
  })

  test('waits in a queue that moderators see, and nobody below them', async () => {
    const queue = '{ moderationQueue { edges { node { body } } } }'
    const { moderationQueue } = await app.ask(queue, {}, await app.token('moderator'))
    expect(moderationQueue.edges).toEqual([{ node: { body: `${COMMENT_MARK} pending` } }])
    expect((await app.post(queue)).errors).toMatchObject([{ extensions: { code: 'NOT_SIGNED_IN' } }])
    expect((await app.post(queue, {}, await app.token('reader'))).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ])
  })
})

/** A token of the reader whom `addComment` made a comment by. */
async function authorsToken(name: string): Promise<string> {
  const token = await app.token('reader', { name })
  const { sub } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())
  await app.database.prisma.reader.updateMany({ where: { displayName: name }, data: { subject: sub } })
  return token
}

/** The whole of an event stream. */
async function streamed(query: string, variables: object): Promise<string> {
  const response = await fetch(app.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query, variables }),
  })
  return response.text()
}
