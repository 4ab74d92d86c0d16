import { getIntrospectionQuery } from 'graphql'
import type { Attack } from './send.ts'

// What anonymous clients may send to hold the gateway up, each as large as the gateway reads.

const BODY_BYTES = 100 * 1024
const MESSAGE_BYTES = 64 * 1024

/** A POST of JSON. */
export function post(body: unknown, headers = ''): Attack {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { http: request('POST', '/graphql', text, `content-type: application/json\r\n${headers}`) }
}

export function get(path: string, headers = ''): Attack {
  return { http: `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n` }
}

function request(method: string, path: string, body: string, headers: string): string {
  const length = Buffer.byteLength(body)
  return `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}content-length: ${length}\r\n\r\n${body}`
}

function form(path: string, body: string): Attack {
  return { http: request('POST', path, body, 'content-type: application/x-www-form-urlencoded\r\n') }
}

export function subscribe(payload: object, id = '1'): string {
  return JSON.stringify({ id, type: 'subscribe', payload })
}

/** As many items as fit into so many bytes. */
function fill(item: (i: number) => string, bytes = BODY_BYTES - 1_000): string[] {
  const items: string[] = []
  for (let size = 0, i = 0; ; i++) {
    const next = item(i)
    size += Buffer.byteLength(next) + 1
    if (size > bytes) return items
    items.push(next)
  }
}

const many = (count: number, item: (i: number) => string) => Array.from({ length: count }, (_, i) => item(i))
const keys = (bytes?: number) =>
  Object.fromEntries(fill((i) => `"k${i}":1,`, bytes).map((_, i) => [`k${i}`, 1]))
const long = (character: string, bytes = BODY_BYTES - 1_000) =>
  character.repeat(Math.floor(bytes / Buffer.byteLength(character)))
const nestedJson = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`

const submit = 'mutation ($i: SubmitCommentInput!) { submitComment(input: $i) { __typename } }'
const list = 'query ($f: ArticleFilter) { articles(filter: $f) { edges { node { id } } } }'
const people = 'query ($n: String!) { people(filter: { name: $n }) { edges { node { id } } } }'

const variables: Record<string, Attack> = {
  'unknown keys': post({ query: submit, variables: { i: keys() } }),
  'unknown keys of a filter': post({ query: list, variables: { f: keys() } }),
  'unknown keys over a websocket': {
    messages: [subscribe({ query: submit, variables: { i: keys(MESSAGE_BYTES - 1_000) } })],
  },
  'unknown variables': post({ query: submit, variables: keys() }),
  'one key many times': post(
    `{"query":${JSON.stringify(submit)},"variables":{"i":{${fill(() => '"a":1').join(',')}}}}`,
  ),
  'unknown keys in objects in a list': post({
    query: 'query ($f: [ArticleFilter]) { articles(filter: $f) { edges { cursor } } }',
    variables: { f: fill(() => '{"x":1}').map(() => ({ x: 1 })) },
  }),
  'a list of wrong items': post({
    query: 'query ($p: [NamedIn!]!) { article(slug: "a") { people(namedIn: $p) { namedIn } } }',
    variables: { p: fill(() => '"WRONG"').map(() => 'WRONG') },
  }),
  'a list of right items': post({
    query: `query ($p: [NamedIn!]!) { ${many(130, (i) => `a${i}: article(slug: "a") { people(namedIn: $p) { namedIn } }`).join(' ')} }`,
    variables: { p: many(9_000, () => 'STORY') },
  }),
  'deep nesting': post(`{"query":${JSON.stringify(list)},"variables":{"f":${nestedJson(50_000)}}}`),
  'deep nesting over a websocket': {
    messages: [
      `{"id":"1","type":"subscribe","payload":{"query":"{ __typename }","variables":{"f":${nestedJson(30_000)}}}}`,
    ],
  },
  'deep nesting of extensions': post(`{"query":"{ __typename }","extensions":{"f":${nestedJson(50_000)}}}`),
  'a long text as an id': post({
    query: 'query ($i: ID!) { node(id: $i) { id } }',
    variables: { i: long('a') },
  }),
  'a long text as a moment': post({
    query: list,
    variables: { f: { publishedFrom: `2019-01-01T00:00:00.${long('0')}Z` } },
  }),
  'a long text as a language': post({ query: list, variables: { f: { language: long('en-') } } }),
  'a long text as a cursor': post({
    query: 'query ($a: String) { articles(after: $a) { edges { cursor } } }',
    variables: { a: Buffer.from(`{${fill((i) => `"k${i}":1`, 74_000).join(',')}}`).toString('base64url') },
  }),
  'a long text in many fields': post({
    query: `query ($s: String) { ${many(195, (i) => `a${i}: article(slug: $s) { id }`).join(' ')} }`,
    variables: { s: long('a', 80_000) },
  }),
  'a long text in many searches': post({
    query: `query ($s: String!) { ${many(35, (i) => `a${i}: search(text: $s) { people { id } }`).join(' ')} }`,
    variables: { s: long('ab ', 80_000) },
  }),
  'a number of many digits': post(
    `{"query":"query ($n: Int) { articles(first: $n) { edges { cursor } } }","variables":{"n":${long('1')}}}`,
  ),
  'words of a name': post({ query: people, variables: { n: long('ab ') } }),
  'different words of a name': post({ query: people, variables: { n: fill((i) => `w${i}`).join(' ') } }),
  'words of many names': post({
    query: `{ ${many(160, (i) => `a${i}: people(first: 1, filter: { name: "${long('ab ', 180)}" }) { edges { cursor } }`).join(' ')} }`,
  }),
  'different characters of a name': post({
    query: people,
    variables: { n: many(25_000, (i) => String.fromCodePoint(0x20000 + i)).join('') },
  }),
  'combining marks in a search': post({
    query: 'query ($t: String!) { search(text: $t) { people { id } } }',
    variables: { t: `a${long('\u0301')}` },
  }),
}

const documents: Record<string, string> = {
  'one field many times': `{ ${fill(() => 'a', 7_990).join(' ')} }`,
  'one field with arguments many times': `{ ${many(395, () => 'article(slug:"a"){id}').join(' ')} }`,
  'fields of one name in two branches': `{ ${many(2, () => `viewer { ${many(1_900, () => 'role').join(' ')} }`).join(' ')} }`,
  'fragments spread by fragments': `{ ...F0 } ${many(330, (i) => `fragment F${i} on Query { a${i}: __typename ...F${i + 1} }`).join(' ')} fragment F330 on Query { __typename }`,
  'fragments spread side by side': `{ ${many(250, (i) => `...F${i}`).join(' ')} } ${many(250, (i) => `fragment F${i} on Query { viewer { role } }`).join(' ')}`,
  'each fragment spread by the next twice': `{ ...F0 } ${many(300, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`).join(' ')} fragment F300 on Query { __typename }`,
  'fragments in a circle': `{ ...F0 } ${many(400, (i) => `fragment F${i} on Query { ...F${(i + 1) % 400} }`).join(' ')}`,
  'fragments that all spread all': `{ ...F0 } ${many(40, (i) => `fragment F${i} on Query { ${many(40, (j) => `...F${j}`).join(' ')} }`).join(' ')}`,
  'fragments nobody uses': `{ __typename } ${many(390, (i) => `fragment F${i} on Query { viewer { role } }`).join(' ')}`,
  'fields nested in pairs': nestedPairs(9),
  'inline fragments nested deeply': `{ ${'... { '.repeat(1_200)} __typename ${'} '.repeat(1_200)} }`,
  'fields nested deeply': `{ ${'a{'.repeat(1_300)}a${'}'.repeat(1_300)} }`,
  operations: many(600, (i) => `query Q${i} { __typename }`).join(' '),
  'operations with one fragment each': many(
    220,
    (i) => `query Q${i}($v: Int) { ...F${i} } fragment F${i} on Query { articles(first: $v) { __typename } }`,
  ).join(' '),
  variables: `query (${many(990, (i) => `$v${i}: Int`).join(' ')}) { __typename }`,
  'one variable many times': `query (${many(990, () => '$v: Int').join(' ')}) { __typename }`,
  'unknown variables used': `{ ${many(300, (i) => `a${i}: article(slug: $v${i}) { id }`).join(' ')} }`,
  'unknown types': `query (${many(990, (i) => `$v${i}: T${i}`).join(' ')}) { __typename }`,
  'unknown fields': `{ ${many(390, (i) => `articlse${i}`).join(' ')} }`,
  'unknown fields with long names': `{ ${many(40, (i) => `${long('articles', 2_000)}${i}`).join(' ')} }`,
  'unknown arguments': `{ articles(${many(1_300, (i) => `firts${i}: 1`).join(' ')}) { __typename } }`,
  'one argument many times': `{ articles(${many(1_300, () => 'first: 1').join(' ')}) { __typename } }`,
  'unknown keys in an object': `{ articles(filter: { ${many(1_300, (i) => `k${i}: 1`).join(' ')} }) { __typename } }`,
  'one key many times in an object': `{ articles(filter: { ${many(1_300, () => 'language: "en"').join(' ')} }) { __typename } }`,
  'objects in a list': `{ articles(filter: [${many(750, () => '{ x: 1 }').join(' ')}]) { __typename } }`,
  'objects nested deeply': `{ articles(filter: ${'{a:'.repeat(900)}1${'}'.repeat(900)}) { __typename } }`,
  'lists nested deeply': `{ articles(filter: ${'['.repeat(1_900)}${']'.repeat(1_900)}) { __typename } }`,
  directives: `{ __typename ${many(560, () => '@include(if: true)').join(' ')} }`,
  'unknown directives': `{ __typename ${many(1_900, (i) => `@skp${i}`).join(' ')} }`,
  'directives on every field': `{ ${many(390, (i) => `a${i}: __typename @include(if: true) @skip(if: false)`)
    .slice(0, 240)
    .join(' ')} }`,
  'a long name': `{ ${long('a')} }`,
  'a long alias in a list': `{ articles(first: 100) { edges { node { ${long('a')}: id } } } }`,
  'a long alias in lists in a list': `{ articles(first: 100) { edges { node { comments(first: 40) { edges { node { ${long('a')}: id } } } } } } }`,
  'a long number': `{ articles(first: ${long('1')}) { __typename } }`,
  'a long fraction': `{ articles(first: 0.${long('1')}) { __typename } }`,
  'a long text': `{ article(slug: "${long('a')}") { id } }`,
  'a long text of escapes': `{ article(slug: "${long('\\u0041', 80_000)}") { id } }`,
  'a long text of the wrong type': `{ articles(first: "${long('a')}") { __typename } }`,
  'a long text where a name is expected': `{ "${long('a')}" }`,
  'a block text of many lines': `{ article(slug: """${long('\n ', 45_000)}""") { id } }`,
  'many empty lines and many errors': `{ ${long('\n', 35_000)} ${many(190, (i) => `a${i}: node(id: "a") { id }`).join(' ')} }`,
  'many comments': `{ ${long('#\n', 60_000)} __typename }`,
  'many commas': `{ ${long(',')} __typename }`,
  'many errors': `{ ${many(190, (i) => `a${i}: node(id: "a") { id }`).join(' ')} }`,
  'many errors with long names': `{ ${many(190, (i) => `${long('a', 120)}${i}: node(id: "a") { id }`).join(' ')} }`,
  brackets: long('{'),
  'one field of a page with long lists of places': `{ articles(first: 100) { edges { node { ${many(3, () => `people(namedIn: [${many(1_200, () => 'STORY').join(' ')}]) { namedIn }`).join(' ')} } } } }`,
  'the schema': getIntrospectionQuery(),
  'the schema, each time in another form': `query Q { __schema { types { ${many(300, () => 'name').join(' ')} fields(includeDeprecated: true) { name description args { name description type { name ofType { name ofType { name ofType { name } } } } } } } } }`,
  'types of types of the schema':
    '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }',
  'possible types':
    '{ __schema { types { possibleTypes { possibleTypes { interfaces { possibleTypes { name } } } fields { name } } } } }',
  'cost to the limit':
    '{ articles(first: 100) { edges { node { headline people { person { name } } organisations { organisation { name } } comments(first: 20) { edges { node { body author { displayName } } } } } } } }',
  'parents of comments':
    '{ articles(first: 60) { edges { node { comments(first: 50) { edges { node { id parent { id article { headline } parent { id } } } } } } } } }',
}

/** Two fields at each level, each with two below. */
function nestedPairs(depth: number): string {
  return depth === 0 ? '{ __typename }' : `{ a ${nestedPairs(depth - 1)} a ${nestedPairs(depth - 1)} }`
}

const others: Record<string, Attack> = {
  'a form of many fields': form('/graphql', long('a&')),
  'a form with unknown keys': form(
    '/graphql',
    `query=${encodeURIComponent(submit)}&variables=${encodeURIComponent(JSON.stringify({ i: keys(40_000) }))}`,
  ),
  'a document as it is': {
    http: request(
      'POST',
      '/graphql',
      documents['one field many times'] as string,
      'content-type: application/graphql\r\n',
    ),
  },
  'a body of parts': {
    http: request(
      'POST',
      '/graphql',
      long('--a\r\n\r\n'),
      'content-type: multipart/form-data; boundary=a\r\n',
    ),
  },
  'JSON of many unknown parameters': post(`{${fill((i) => `"p${i}":1`).join(',')}}`),
  'JSON with one key many times': post(`{${fill(() => '"query":"{ __typename }"').join(',')}}`),
  'JSON that is broken at its end': post(`{"query":"${long('a')}`),
  'JSON nested deeply': post(nestedJson(51_000)),
  'an operation of a long name': post({ query: '{ __typename }', operationName: long('a') }),
  'a body in small pieces': {
    http: chunked(post({ query: `{ article(slug: "${long('a', 60_000)}") { id } }` }), 1),
  },
  'a query in the address': get(
    `/graphql?query=${encodeURIComponent(`{ ${many(1_200, () => 'a').join(' ')} }`)}`,
  ),
  'unknown keys in the address': get(
    `/graphql?query=${encodeURIComponent(submit)}&variables=${encodeURIComponent(JSON.stringify({ i: keys(4_000) }))}`,
  ),
  'a long token': post({ query: '{ __typename }' }, `authorization: Bearer ${long('a', 14_000)}\r\n`),
  'a token of many parts': post(
    { query: '{ __typename }' },
    `authorization: Bearer ${long('a.', 14_000)}\r\n`,
  ),
  'a long cookie': post({ query: '{ __typename }' }, `cookie: ${long('a=b; ', 14_000)}\r\n`),
  'a long list of media types': post({ query: '{ __typename }' }, `accept: ${long('a/b,', 14_000)}\r\n`),
  'media types with parameters': post(
    { query: '{ __typename }' },
    `accept: text/event-stream${long(';a', 14_000)}\r\n`,
  ),
  'many headers': post({ query: '{ __typename }' }, many(1_900, (i) => `x${i}: 1\r\n`).join('')),
  'a long last event id': post({ query: '{ __typename }' }, `last-event-id: ${long('a', 14_000)}\r\n`),
  'a feed with a long query': get(`/feeds/latest.atom?${long('a=b&', 14_000)}`),
  'a feed of a long path': get(`/feeds/${long('a/', 14_000)}`),
  'a feed with a long list of media types': get(
    '/feeds/latest.atom',
    `accept: ${long('a/b;q=0.1,', 14_000)}\r\n`,
  ),
  'a feed with many tags': get('/feeds/latest.atom', `if-none-match: ${long('"a",', 14_000)}\r\n`),
  'REST with a long cursor': get(`/syndication/changes?after=${long('a', 14_000)}`),
  'a hub request of many fields': form('/websub', long('a=b&', 16_000)),
  'a hub request of a long address': form(
    '/websub',
    `hub.mode=subscribe&hub.topic=http://localhost/${long('a', 7_000)}&hub.callback=http://localhost/${long('a/', 7_000)}`,
  ),
  'a picture of a long path': get(`/pictures/${long('../', 14_000)}`),
  'pipelined introspections': {
    http: many(1_000, () => (post({ query: getIntrospectionQuery() }) as { http: string }).http),
    answers: 1_000,
  },
  'websocket: a field many times': {
    messages: [subscribe({ query: documents['one field many times'] as string })],
  },
  'websocket: a key many times': {
    messages: [`{"id":"1","type":"subscribe","payload":{"query":"{ __typename }"${long(',"a":1', 60_000)}}}`],
  },
  'websocket: a long text as variable': {
    messages: [
      subscribe({
        query: 'query ($i: Int) { articles(first: $i) { __typename } }',
        variables: { i: long('a', 60_000) },
      }),
    ],
  },
  'websocket: broken JSON': { messages: ['['.repeat(60_000)] },
  'websocket: unknown keys of a subscription': {
    messages: [
      subscribe({
        query: 'subscription ($i: ID!) { commentFeed(articleId: $i) { __typename } }',
        variables: { i: keys(60_000) },
      }),
    ],
  },
  'websocket: a long cursor': {
    messages: [
      subscribe({
        query: 'subscription ($a: String) { commentFeed(articleId: "a", after: $a) { __typename } }',
        variables: { a: long('a', 60_000) },
      }),
    ],
  },
}

/** The same request in chunks of so many bytes. */
function chunked(attack: Attack, size: number): string {
  const [head = '', body = ''] = (attack as { http: string }).http.split('\r\n\r\n', 2)
  const pieces = many(Math.ceil(body.length / size), (i) => {
    const piece = body.slice(i * size, (i + 1) * size)
    return `${piece.length.toString(16)}\r\n${piece}\r\n`
  })
  return `${head.replace(/content-length: \d+/, 'transfer-encoding: chunked')}\r\n\r\n${pieces.join('')}0\r\n\r\n`
}

/** Every class of attack by name. */
export const attacks: Record<string, Attack> = {
  ...variables,
  ...Object.fromEntries(
    Object.entries(documents).map(([name, query]) => [`document: ${name}`, post({ query })]),
  ),
  ...others,
}
