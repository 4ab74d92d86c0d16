import { connect as netConnect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Answer, freshApp, type TestApp } from '../support/app.ts'
import { operation, rawSocket } from '../support/raw-socket.ts'
import { statementsOfRequests } from '../support/statements.ts'

// What anonymous clients send to make the gateway work: little is done, little is answered, nothing is repeated.

let app: TestApp
const statements: string[] = []

beforeAll(async () => {
  app = await freshApp({
    onStatement: statementsOfRequests((sql) => statements.push(sql)),
    pollMs: 3_600_000,
    changePollMs: 3_600_000,
  })
})

beforeEach(() => {
  statements.length = 0
})

afterAll(() => app.close())

/** Sends the same operation by POST, in a form, in the address where it fits, and over a websocket. */
async function everyWay(query: string, variables: object): Promise<{ way: string; text: string }[]> {
  const json = JSON.stringify(variables)
  const accept = { accept: 'application/json' }
  const form = new URLSearchParams({ query, variables: json })
  const requests: [string, string, RequestInit][] = [
    [
      'POST',
      app.url,
      {
        method: 'POST',
        headers: { ...accept, 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      },
    ],
    ['a form', app.url, { method: 'POST', headers: accept, body: form }],
  ]
  if (String(form).length < 8_000) requests.push(['GET', `${app.url}?${form}`, { headers: accept }])
  const texts = await Promise.all(
    requests.map(async ([way, url, init]) => ({ way, text: await (await fetch(url, init)).text() })),
  )
  await using socket = await rawSocket(app.wsUrl)
  socket.send(operation('1', query, variables))
  const { payload } = await socket.next()
  const overSocket = Array.isArray(payload) ? { errors: payload } : payload
  return [...texts, { way: 'a websocket', text: JSON.stringify(overSocket) }]
}

function errorsIn(text: string): NonNullable<Answer['errors']> {
  return JSON.parse(text).errors
}

const unknownKeys = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`secret${i}`, `hidden${i}`]))

const list = 'query ($f: ArticleFilter) { articles(filter: $f) { edges { cursor } } }'
const find = 'query ($n: String!) { people(filter: { name: $n }) { edges { cursor } } }'

describe('variables', () => {
  test('with 2,000 unknown keys are refused in a few words, whatever way they come', async () => {
    for (const { way, text } of await everyWay(list, { f: unknownKeys(2_000) })) {
      expect(errorsIn(text).length, way).toBeLessThanOrEqual(5)
      expect(text.length, way).toBeLessThan(2_000)
      expect(text, way).not.toMatch(/secret|hidden|did you mean/i)
    }
    expect(statements).toEqual([])
  })

  test('of a mutation are refused before anybody is asked to sign in', async () => {
    const query = 'mutation ($i: SubmitCommentInput!) { submitComment(input: $i) { __typename } }'
    for (const { way, text } of await everyWay(query, { i: { ...unknownKeys(1_000), body: 7 } })) {
      const errors = errorsIn(text)
      expect(
        errors.map(({ message }) => message),
        way,
      ).toEqual([
        'Variable "$i" has a field that the type "SubmitCommentInput" does not have.',
        'Variable "$i.articleId" is required and of type "ID!".',
        'Variable "$i.body" must be of type "String".',
      ])
      expect(errors[0]?.extensions?.code, way).toBe('INVALID_INPUT')
    }
  })

  test('that hold more than 10,000 keys and items are refused unread', async () => {
    const many = Array.from({ length: 10_001 }, () => 1)
    for (const { way, text } of await everyWay(list, { f: many })) {
      expect(errorsIn(text), way).toMatchObject([
        {
          message: 'The variables contain more than 10000 keys and items.',
          extensions: { code: 'QUERY_TOO_LARGE' },
        },
      ])
    }
  })

  test('that are nested more than 16 levels deep are refused unread', async () => {
    const nested = JSON.parse(`${'{"a":'.repeat(17)}1${'}'.repeat(17)}`)
    for (const { way, text } of await everyWay(list, { f: nested })) {
      expect(errorsIn(text), way).toMatchObject([{ extensions: { code: 'QUERY_TOO_LARGE' } }])
      expect(errorsIn(text)[0]?.message, way).toContain('16 levels')
    }
    const response = await fetch(app.url, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: `{"query":"{ __typename }","variables":{"f":${'['.repeat(40_000)}${']'.repeat(40_000)}}}`,
    })
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'QUERY_TOO_LARGE' } }] })
  })

  test('that one long text is in are refused when many fields use them', async () => {
    const fields = Array.from({ length: 300 }, (_, i) => `a${i}: article(slug: $s) { id }`).join(' ')
    const query = `query ($s: String) { ${fields} }`
    for (const { way, text } of await everyWay(query, { s: 'a'.repeat(4_000) })) {
      expect(errorsIn(text), way).toMatchObject([{ extensions: { code: 'QUERY_TOO_LARGE' } }])
    }
    expect(statements).toEqual([])
  })

  test('may be 250,000 characters long, counted again for each field that uses them', async () => {
    const fields = Array.from({ length: 10 }, (_, i) => `a${i}: article(slug: $s) { id }`).join(' ')
    const query = `query ($s: String) { ${fields} }`
    expect((await app.post(query, { s: 'a'.repeat(25_000) })).errors).toBeUndefined()
    expect((await app.post(query, { s: 'a'.repeat(25_001) })).errors).toMatchObject([
      { extensions: { code: 'QUERY_TOO_LARGE' } },
    ])
  })

  test('of the wrong type are named, and their values are not repeated', async () => {
    const query = 'query ($n: Int) { articles(first: $n) { edges { cursor } } }'
    const { text } = (await everyWay(query, { n: 'secret '.repeat(500) }))[0] as { text: string }
    expect(errorsIn(text)).toMatchObject([
      { message: 'Variable "$n" must be of type "Int".', extensions: { code: 'INVALID_INPUT' } },
    ])
  })

  test('of a type of our own say how it is written', async () => {
    const { text } = (await everyWay(list, { f: { publishedFrom: 'secret' } }))[0] as { text: string }
    expect(errorsIn(text).map(({ message }) => message)).toEqual([
      'Variable "$f.publishedFrom" is invalid. A DateTime must have the form "2019-10-15T09:30:00Z".',
    ])
  })
})

describe('documents', () => {
  const repeat = (count: number, item: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => item(i)).join(' ')

  test.each([
    ['one field 3,900 times', `{ ${repeat(3_900, () => 'a')} }`],
    ['fields that double at each level', `{ a { b { ${repeat(450, () => 'c')} } } }`],
    [
      'fragments that double at each step',
      `{ ...F0 } ${repeat(60, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)} fragment F60 on Query { __typename }`,
    ],
    [
      'a chain of fragments',
      `{ ...F0 } ${repeat(300, (i) => `fragment F${i} on Query { a${i}: __typename ...F${i + 1} }`)} fragment F300 on Query { __typename }`,
    ],
  ])('with %s are refused before they are validated', async (_what, query) => {
    const { errors } = await app.post(query)
    expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_LARGE' } }])
  })

  test('with a name longer than 128 characters are refused: answers would repeat it', async () => {
    const alias = (length: number) => `{ ${'a'.repeat(length)}: __typename }`
    const { errors } = await app.post(alias(129))
    expect(errors).toMatchObject([
      {
        message: 'A name in the document is longer than 128 characters.',
        extensions: { code: 'GRAPHQL_PARSE_FAILED' },
      },
    ])
    expect((await app.post(alias(128))).errors).toBeUndefined()
  })

  test.each([
    ['fields', `{ ${repeat(390, (i) => `articlse${i}`)} }`],
    ['arguments', `{ articles(${repeat(900, (i) => `firts${i}: 1`)}) { __typename } }`],
    ['types', `query (${repeat(390, (i) => `$v${i}: Artcle${i}`)}) { __typename }`],
    [
      'keys of an object',
      `{ articles(filter: { ${repeat(900, (i) => `langage${i}: "secret"`)} }) { __typename } }`,
    ],
    ['directives', `{ __typename ${repeat(1_000, (i) => `@skp${i}`)} }`],
    ['variables', `{ ${repeat(200, (i) => `a${i}: article(slug: $v${i}) { id }`)} }`],
  ])('with hundreds of unknown %s get five errors and no suggestions', async (_what, query) => {
    const { errors } = await app.post(query)
    expect(errors).toHaveLength(5)
    const text = JSON.stringify(errors)
    expect(text.length).toBeLessThan(2_500)
    expect(text).not.toMatch(/did you mean|secret/i)
  })

  test.each([
    ['a text for a number', '{ articles(first: "secret") { __typename } }'],
    ['a text for an object', '{ articles(filter: "secret") { __typename } }'],
    ['a text for a word', '{ article(slug: "a") { comments(orderBy: "secret") { __typename } } }'],
    ['a text for a name', '{ "secret" }'],
    ['a text in an object', '{ articles(filter: { publishedFrom: "secret" }) { __typename } }'],
    ['an unknown operation', 'query A { __typename } query B { __typename }'],
  ])('with %s are refused without repeating it', async (_what, query) => {
    const response = await fetch(app.url, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({
        query: query.replace('secret', 'secret '.repeat(1_000)),
        operationName: query.startsWith('query') ? 'secret' : undefined,
      }),
    })
    const text = await response.text()
    expect(errorsIn(text).length).toBeGreaterThan(0)
    expect(text).not.toContain('secret')
    expect(text.length).toBeLessThan(1_000)
  })

  test('of many lines have errors without places, which would be counted from the start for each', async () => {
    const query = `{ a: node(id: "x") { id }${'\n'.repeat(1_100)} b: node(id: "y") { id } }`
    const { errors } = await app.post(query)
    expect(errors).toHaveLength(2)
    for (const error of errors ?? []) expect(error).not.toHaveProperty('locations')
    const short = await app.post('{ a: node(id: "x") { id } }')
    expect(short.errors).toMatchObject([{ locations: [{ line: 1, column: 3 }] }])
  })
})

describe('a name to look for', () => {
  const words = (count: number) => Array.from({ length: count }, (_, i) => `w${i}`).join(' ')

  test.each(['people', 'organisations'])('of %s has at most 10 words and 200 characters', async (field) => {
    const query = find.replace('people', field)
    for (const name of [words(11), 'a'.repeat(201), words(9_000)]) {
      const { errors } = await app.post(query, { n: name })
      expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: 'name' } }])
    }
    expect(statements).toEqual([])
    expect((await app.post(query, { n: words(10) })).errors).toBeUndefined()
  })

  test.each(['people', 'organisations'])(
    'of %s is looked for at most 99 times in one operation',
    async (field) => {
      const lists = (count: number) =>
        `{ ${Array.from({ length: count }, (_, i) => `a${i}: ${field}(first: 1, filter: { name: "w${i}" }) { edges { cursor } }`).join(' ')} }`
      expect((await app.post(lists(99))).errors).toBeUndefined()
      expect((await app.post(lists(100))).errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_LARGE' } }])
    },
  )

  test('costs one condition for a word that is written several times', async () => {
    await app.ask(find, { n: 'ab '.repeat(60) })
    expect(statements).toHaveLength(1)
    expect(statements[0]?.match(/LIKE/g)).toHaveLength(1)
  })
})

describe('over HTTP', () => {
  const ask = (headers: Record<string, string>) =>
    fetch(app.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{"query":"{ __typename }"}',
    })

  test('a list of media types longer than 1,024 bytes is answered 431', async () => {
    const response = await ask({ accept: 'a/b,'.repeat(257) })
    expect(response.status).toBe(431)
    expect((await response.text()).length).toBeLessThan(200)
    expect((await ask({ accept: `application/json,${'a/b,'.repeat(200)}` })).status).toBe(200)
  })

  test('a body without a length is read in up to 4,000 pieces', async () => {
    const inPieces = async (text: string) => {
      const socket = netConnect(app.config.port, '127.0.0.1')
      const pieces = [...text].map((character) => `1\r\n${character}\r\n`).join('')
      socket.write(
        `POST /graphql HTTP/1.1\r\nHost: localhost\r\ncontent-type: application/json\r\nconnection: close\r\n` +
          `transfer-encoding: chunked\r\n\r\n${pieces}0\r\n\r\n`,
      )
      return (await socket.setEncoding('latin1').toArray()).join('')
    }
    const query = (length: number) => `{"query":"{ __typename ${' '.repeat(length)}}"}`
    expect(await inPieces(query(3_900))).toContain('{"data":{"__typename":"Query"}}')
    expect(await inPieces(query(4_000))).not.toContain('"data"')
  })
})
