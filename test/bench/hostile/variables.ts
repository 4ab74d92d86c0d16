import { fill, keys, long, MESSAGE_BYTES, many, nestedJson, post, subscribe } from './requests.ts'
import type { Attack } from './send.ts'

export const submit = 'mutation ($i: SubmitCommentInput!) { submitComment(input: $i) { __typename } }'
const list = 'query ($f: ArticleFilter) { articles(filter: $f) { edges { node { id } } } }'
const people = 'query ($n: String!) { people(filter: { name: $n }) { edges { node { id } } } }'

/** Variables that are many, long, deep or wrong. */
export const variables: Record<string, Attack> = {
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
  'unknown keys in 4,900 objects in a list': post({
    query: 'query ($f: [ArticleFilter]) { articles(filter: $f) { edges { cursor } } }',
    variables: { f: Array.from({ length: 4_900 }, () => ({ x: 1 })) },
  }),
  '9,900 unknown keys of objects of a mutation': post({
    query: 'mutation ($i: PublishArticleInput!) { publishArticle(input: $i) { __typename } }',
    variables: { i: { blocks: Array.from({ length: 4_900 }, () => ({ x: 1 })) } },
  }),
  'a list of 9,900 wrong items': post({
    query: 'query ($p: [NamedIn!]!) { article(slug: "a") { people(namedIn: $p) { namedIn } } }',
    variables: { p: many(9_900, () => 'WRONG') },
  }),
  'a list of wrong items': post({
    query: 'query ($p: [NamedIn!]!) { article(slug: "a") { people(namedIn: $p) { namedIn } } }',
    variables: { p: fill(() => '"WRONG"').map(() => 'WRONG') },
  }),
  'a list of right items': post({
    query: `query ($p: [NamedIn!]!) { ${many(130, (i) => `a${i}: article(slug: "a") { people(namedIn: $p) { namedIn } }`).join(' ')} }`,
    variables: { p: many(9_000, () => 'ARTICLE') },
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
  'a text in 195 fields, below the limit': post({
    query: `query ($s: String) { ${many(195, (i) => `a${i}: article(slug: $s) { id }`).join(' ')} }`,
    variables: { s: long('a', 1_270) },
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
    query: `{ ${many(97, (i) => `a${i}: people(first: 1, filter: { name: "${many(10, (j) => `w${i}x${j}`).join(' ')}" }) { edges { cursor } }`).join(' ')} }`,
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
