import fc from 'fast-check'
import { type GraphQLNamedType, getNamedType, isInputObjectType, isInterfaceType } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { savePerson } from '../../src/articles/save-entity.ts'
import { schema } from '../../src/schema/schema.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle, globalId } from '../support/newsroom.ts'

let app: TestApp
let admin: string
let ids: string[]

beforeAll(async () => {
  app = await freshApp()
  admin = await app.token('admin')
  const { prisma } = app.database
  const article = await addArticle(prisma)
  const person = await savePerson(prisma, { slug: 'somebody', name: 'Some Body' })
  const uuid = '01900000-0000-7000-8000-000000000000'
  const types = ['Comment', 'Person', 'Organisation', 'Topic', 'Block', 'Reader', 'Query', 'Node']
  ids = [
    article.id,
    article.key,
    article.slug,
    globalId('Person', person),
    globalId('Person', article.key),
    ...['Article', 'Foo'].flatMap((type) =>
      ['', '1', 'x', uuid, uuid.toUpperCase(), `${uuid}0`].map((key) => globalId(type, key)),
    ),
    ...types.flatMap((type) => ['x', uuid].map((key) => globalId(type, key))),
    ...['__proto__', 'constructor', 'toString'].map((type) => globalId(type, uuid)),
    ...[
      '',
      ' ',
      ':',
      '0',
      '-1',
      '99999999999999999999',
      'null',
      '\0',
      'a\0b',
      '\ud800',
      '\udfff😀',
      '%',
      '_',
      '\\',
    ],
    ...["' OR 1=1 --", '\'; DROP TABLE "Article"; --', '{"gt":""}', 'x'.repeat(20_000), '١٢٣', 'é'],
  ]
})

afterAll(() => app.close())

/** Each operation that takes ids or slugs, with the variable $id in their place. */
const operations = {
  node: 'query ($id: ID!) { node(id: $id) { id } }',
  'article by id': 'query ($id: ID!) { article(id: $id) { id } }',
  'article by slug': 'query ($id: String!) { article(slug: $id) { id } }',
  'person by id': 'query ($id: ID!) { person(id: $id) { id } }',
  'person by slug': 'query ($id: String!) { person(slug: $id) { id } }',
  'organisation by id': 'query ($id: ID!) { organisation(id: $id) { id } }',
  'organisation by slug': 'query ($id: String!) { organisation(slug: $id) { id } }',
  'articles of a person':
    'query ($id: String!) { articles(filter: { person: $id }) { edges { node { id } } } }',
  'articles of an organisation':
    'query ($id: String!) { articles(filter: { organisation: $id }) { edges { node { id } } } }',
  'articles of a topic':
    'query ($id: String!) { articles(filter: { topic: $id }) { edges { node { id } } } }',
  'articles in a language':
    'query ($id: String!) { articles(filter: { language: $id }) { edges { node { id } } } }',
  'people by name': 'query ($id: String!) { people(filter: { name: $id }) { edges { node { id } } } }',
  'organisations by name':
    'query ($id: String!) { organisations(filter: { name: $id }) { edges { node { id } } } }',
  'the queue of a story':
    'query ($id: ID!) { moderationQueue(filter: { articleId: $id }) { edges { node { id } } } }',
  'the queue in a language':
    'query ($id: String!) { moderationQueue(filter: { language: $id }) { edges { node { id } } } }',
  'the queue of a reader':
    'query ($id: ID!) { moderationQueue(filter: { readerId: $id }) { edges { node { id } } } }',
  'the queue with words':
    'query ($id: String!) { moderationQueue(filter: { text: $id }) { totalCount edges { node { id } } } }',
  'the counts of a story': 'query ($id: ID!) { moderationCounts(filter: { articleId: $id }) { total } }',
  'the counts with words': 'query ($id: String!) { moderationCounts(filter: { text: $id }) { total } }',
  'the decisions on a story':
    'query ($id: ID!) { decisions(filter: { articleId: $id }) { edges { node { at } } } }',
  'the decisions of a moderator':
    'query ($id: String!) { decisions(filter: { moderator: $id }) { edges { node { at } } } }',
  'the decisions after': 'query ($id: String!) { decisions(after: $id) { edges { node { at } } } }',
  'reader by id': 'query ($id: ID!) { reader(id: $id) { id } }',
  'reader by subject': 'query ($id: String!) { reader(subject: $id) { id } }',
  'readers by name': 'query ($id: String!) { readers(filter: { search: $id }) { edges { node { id } } } }',
  'readers by name after':
    'query ($id: String!) { readers(filter: { search: "abc" }, after: $id) { edges { node { id } } } }',
  'articles of every state by words':
    'query ($id: String!) { editorialArticles(filter: { text: $id }) { totalCount edges { node { id } } } }',
  'articles of every state after':
    'query ($id: String!) { editorialArticles(after: $id) { edges { node { id } } } }',
  'article by URL': 'query ($id: String!) { article(url: $id) { id } }',
  'topic by id': 'query ($id: ID!) { topic(id: $id) { id } }',
  'topic by slug': 'query ($id: String!) { topic(slug: $id) { id } }',
  'guidelines in a language': 'query ($id: String!) { guidelines { title(language: $id) } }',
  'own comments on': 'query ($id: ID!) { viewer { comments(articleId: $id) { totalCount } } }',
  'whether a licence covers':
    'query ($id: ID!) { partners { edges { node { licence { covers(articleId: $id) } } } } }',
  'the events of a story': 'query ($id: ID!) { commentEvents(articleId: $id) { edges { cursor } } }',
  'the events of a story after':
    'query ($id: String!, $good: ID!) { commentEvents(articleId: $good, after: $id) { edges { cursor } } }',
  'submit under':
    'mutation ($id: ID!) { submitComment(input: { articleId: $id, body: "Hello" }) { __typename } }',
  'submit in answer to': `mutation ($id: ID!, $good: ID!) {
    submitComment(input: { articleId: $good, parentId: $id, body: "Hello" }) { __typename } }`,
  'submit in a language': `mutation ($id: String!, $good: ID!) {
    submitComment(input: { articleId: $good, language: $id, body: "Hello" }) { __typename } }`,
  'the standing of': `mutation ($id: ID!) {
    setReaderStatus(input: { readerId: $id, status: BANNED, reason: "Spam" }) { __typename } }`,
  approve: 'mutation ($id: ID!) { approveComments(input: { ids: [$id] }) { __typename } }',
  reject:
    'mutation ($id: ID!) { rejectComments(input: { ids: [$id], guidelines: ["RELEVANCE"] }) { __typename } }',
  'reject by': `mutation ($id: String!, $good: ID!) {
    rejectComments(input: { ids: [$good], guidelines: [$id], note: $id }) { __typename } }`,
  update: 'mutation ($id: ID!) { updateArticle(input: { id: $id, version: 9, changes: {} }) { __typename } }',
  'update the topic of': `mutation ($id: String!, $good: ID!) {
    updateArticle(input: { id: $good, version: 9, changes: { topic: { slug: $id } } }) { __typename } }`,
  correct:
    'mutation ($id: ID!) { correctArticle(input: { id: $id, version: 9, kind: UPDATE, text: "x" }) { __typename } }',
  withhold: 'mutation ($id: ID!) { withholdArticle(input: { id: $id, version: 9 }) { __typename } }',
  release: 'mutation ($id: ID!) { releaseArticle(input: { id: $id, version: 9 }) { __typename } }',
  cancel: 'mutation ($id: ID!) { cancelArticle(input: { id: $id, version: 9 }) { __typename } }',
  embargo:
    'mutation ($id: ID!) { embargoArticle(input: { id: $id, version: 9, until: null }) { __typename } }',
  'comments on':
    'mutation ($id: ID!) { setCommenting(input: { id: $id, version: 9, open: true }) { __typename } }',
  'pictures at':
    'mutation ($id: String!) { setImageRights(input: { url: $id, syndicatable: false }) { __typename } }',
  'the recall of': 'query ($id: ID!) { recall(articleId: $id) { withdrawn } }',
  'the ledger of': 'query ($id: ID!) { ledger(articleId: $id) { edges { cursor } } }',
  'the ledger to': 'query ($id: String!) { ledger(partner: $id) { edges { cursor } } }',
  'the version of a partner': 'query ($id: ID!) { licensedArticle(id: $id) { id } }',
  'the version of a partner, or why not':
    'query ($id: ID!) { licensedArticleResult(id: $id) { __typename } }',
  'confirm the removal of':
    'mutation ($id: ID!) { confirmRemoval(input: { articleId: $id, partner: "x", note: "x" }) { __typename } }',
  partner: 'query ($id: String!) { partner(slug: $id) { slug } }',
  'the licence of':
    'mutation ($id: String!) { setLicence(input: { partner: $id, licence: { topics: [$id] } }) { __typename } }',
  'enable a webhook': 'mutation ($id: ID!) { enableWebhook(input: { id: $id }) { __typename } }',
  'remove a webhook': 'mutation ($id: ID!) { removeWebhook(input: { id: $id }) { __typename } }',
  'rotate the secret of':
    'mutation ($id: ID!) { rotateWebhookSecret(input: { id: $id, overlap: "0" }) { __typename } }',
  'try a webhook': 'mutation ($id: ID!) { testWebhook(input: { id: $id }) { __typename } }',
  'a webhook of': 'mutation ($id: String!) { addWebhook(input: { partner: $id, url: $id }) { __typename } }',
  'the feed of': 'subscription ($id: ID!) { commentFeed(articleId: $id) { __typename } }',
  'the changes of': 'subscription ($id: ID!) { articleChanges(articleId: $id) { kind } }',
  'new articles of a topic': 'subscription ($id: String!) { newArticles(filter: { topic: $id }) { at } }',
  'new articles in a language':
    'subscription ($id: String!) { newArticles(filter: { language: $id }) { at } }',
  'new articles of a person': 'subscription ($id: String!) { newArticles(filter: { person: $id }) { at } }',
  'the live queue of':
    'subscription ($id: ID!) { moderationQueue(filter: { articleId: $id }) { __typename } }',
  'the live queue in':
    'subscription ($id: String!) { moderationQueue(filter: { language: $id }) { __typename } }',
}

test('text that the database can not store is named also in a list', async () => {
  for (const list of ['topics', 'sections', 'languages', 'agencies']) {
    const query = `mutation ($id: String!) {
      setLicence(input: { partner: "nobody", licence: { ${list}: ["news", $id] } }) { __typename ... on InvalidInput { field } } }`
    const answer = await app.post(query, { id: 'a\0b' }, admin)
    expect(answer.data?.setLicence, list).toMatchObject({ __typename: 'InvalidInput' })
  }
})

test.each(Object.entries(operations))(
  '%s: no text, however malformed, is a fault of ours',
  { timeout: 60_000 },
  async (name, query) => {
    const good = ids[0]
    const expected = ['INVALID_INPUT', 'NOT_FOUND']
    const check = async (id: string) => {
      const codes = await codesOf(query, { id, ...(query.includes('$good') ? { good } : {}) })
      for (const code of codes)
        expect(expected, `${name} ${JSON.stringify(id).slice(0, 100)}`).toContain(code)
    }
    for (const id of ids) await check(id)
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary' }), check), { numRuns: 15 })
  },
)

async function codesOf(query: string, variables: object): Promise<unknown[]> {
  const response = await fetch(app.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: query.startsWith('subscription') ? 'text/event-stream' : 'application/json',
      authorization: `Bearer ${admin}`,
    },
    body: JSON.stringify({ query, variables }),
  })
  const text = await beginningOf(response)
  const json = text.startsWith('{') ? text : (/^data: (\{.*)$/m.exec(text)?.[1] ?? '{}')
  const { errors = [] } = JSON.parse(json) as { errors?: { extensions?: { code?: string } }[] }
  return errors.map(({ extensions }) => extensions?.code)
}

/** The text of a response; of a stream that was opened, only its beginning: it would go on without end. */
async function beginningOf(response: Response): Promise<string> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.startsWith(':')) break
  }
  return text
}

test('every argument of the schema that takes an id is among these', () => {
  const fields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap(
    (type) => Object.values(type!.getFields()),
  )
  const takers = fields
    .filter(({ args }) => args.some(({ type }) => takesId(getNamedType(type))))
    .map(({ name }) => name)
  expect(takers.toSorted()).toEqual([
    'approveComments',
    'article',
    'articleChanges',
    'cancelArticle',
    'commentEvents',
    'commentFeed',
    'confirmRemoval',
    'correctArticle',
    'decisions',
    'embargoArticle',
    'enableWebhook',
    'ledger',
    'licensedArticle',
    'licensedArticleResult',
    'moderationCounts',
    'moderationQueue',
    'moderationQueue',
    'node',
    'organisation',
    'person',
    'reader',
    'recall',
    'rejectComments',
    'releaseArticle',
    'removeWebhook',
    'rotateWebhookSecret',
    'setCommenting',
    'setReaderStatus',
    'submitComment',
    'testWebhook',
    'topic',
    'updateArticle',
    'withholdArticle',
  ])
})

function takesId(type: GraphQLNamedType): boolean {
  if (type.name === 'ID') return true
  return (
    isInputObjectType(type) && Object.values(type.getFields()).some(({ type }) => takesId(getNamedType(type)))
  )
}

test('an id is good for every type that is a node, and for no other', async () => {
  const node = schema.getType('Node')
  if (!isInterfaceType(node)) throw new Error('Node is an interface')
  const nodes = new Set(schema.getPossibleTypes(node).map(({ name }) => name))
  for (const type of Object.keys(schema.getTypeMap())) {
    const id = globalId(type, '01900000-0000-7000-8000-000000000000')
    const { data, errors } = await app.post('query ($id: ID!) { node(id: $id) { id } }', { id })
    expect(data, type).toEqual({ node: null })
    expect(errors?.[0]?.extensions?.code, type).toBe(nodes.has(type) ? undefined : 'INVALID_INPUT')
  }
})

test('a story is asked for by slug or by id: by one of them', async () => {
  for (const field of ['article', 'person', 'organisation']) {
    for (const args of ['', '(slug: null)', `(slug: "a", id: "${ids[0]}")`, '(slug: null, id: null)']) {
      const { errors } = await app.post(`{ ${field}${args} { id } }`)
      expect(errors).toMatchObject([
        { message: 'Give either "slug" or "id".', extensions: { code: 'INVALID_INPUT', field: 'slug' } },
      ])
    }
  }
  const { bySlug, byId } = await app.ask(
    `{ bySlug: article(slug: "${ids[2]}") { id } byId: article(id: "${ids[0]}") { id } }`,
  )
  expect(bySlug).toEqual({ id: ids[0] })
  expect(byId).toEqual(bySlug)
})
