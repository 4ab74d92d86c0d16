import { getIntrospectionQuery } from 'graphql'
import { documents } from './documents.ts'
import {
  chunked,
  fill,
  form,
  get,
  keys,
  long,
  many,
  nestedJson,
  post,
  request,
  subscribe,
} from './requests.ts'
import type { Attack } from './send.ts'
import { submit } from './variables.ts'

/** Bodies, headers, addresses and messages, whatever they carry. */
export const channels: Record<string, Attack> = {
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
  'a feed with a long query': get(`/feeds/atom.xml?${long('a=b&', 14_000)}`),
  'a feed of a long path': get(`/feeds/${long('a/', 14_000)}`),
  'a feed with a long list of media types': get(
    '/feeds/atom.xml',
    `accept: ${long('a/b;q=0.1,', 14_000)}\r\n`,
  ),
  'a feed with many tags': get('/feeds/atom.xml', `if-none-match: ${long('"a",', 14_000)}\r\n`),
  'REST with a long cursor': get(`/syndication/changes?after=${long('a', 14_000)}`),
  'a hub request of many fields': form('/websub', long('a=b&', 16_000)),
  'a hub request of a long address': form(
    '/websub',
    `hub.mode=subscribe&hub.topic=http://localhost/${long('a', 7_000)}&hub.callback=http://localhost/${long('a/', 7_000)}`,
  ),
  'a picture of a long path': get(`/pictures/${long('../', 14_000)}`),
  'pipelined introspections': {
    // As many as one connection may have under way.
    http: many(101, () => (post({ query: getIntrospectionQuery() }) as { http: string }).http),
    answers: 101,
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
