import { getIntrospectionQuery } from 'graphql'
import { fill, long, many } from './requests.ts'

const NODE_TYPES = ['Article', 'Comment', 'Organisation', 'Person', 'Topic']

/** Documents that are expensive to read, to check or to answer. */
export const documents: Record<string, string> = {
  'one field many times': `{ ${fill(() => 'a', 7_990).join(' ')} }`,
  'one field with arguments many times': `{ ${many(395, () => 'article(slug:"a"){id}').join(' ')} }`,
  'one field 390 times': `{ ${many(390, () => '__typename').join(' ')} }`,
  'one field with arguments 198 times': `{ ${many(198, () => 'article(slug:"a"){id}').join(' ')} }`,
  'fields of one name in two branches': `{ ${many(2, () => `viewer { ${many(1_900, () => 'role').join(' ')} }`).join(' ')} }`,
  'fragments spread by fragments': `{ ...F0 } ${many(330, (i) => `fragment F${i} on Query { a${i}: __typename ...F${i + 1} }`).join(' ')} fragment F330 on Query { __typename }`,
  'a chain of fragments, below the limit': `{ ...F0 } ${many(58, (i) => `fragment F${i} on Query { a${i}: __typename ...F${i + 1} }`).join(' ')} fragment F58 on Query { __typename }`,
  'fragments spread side by side': `{ ${many(250, (i) => `...F${i}`).join(' ')} } ${many(250, (i) => `fragment F${i} on Query { viewer { role } }`).join(' ')}`,
  'each fragment spread by the next twice': `{ ...F0 } ${many(300, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`).join(' ')} fragment F300 on Query { __typename }`,
  'fragments spread twice, below the limit': `{ ...F0 } ${many(7, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`).join(' ')} fragment F7 on Query { viewer { role } }`,
  'fragments in a circle': `{ ...F0 } ${many(400, (i) => `fragment F${i} on Query { ...F${(i + 1) % 400} }`).join(' ')}`,
  'fragments that all spread all': `{ ...F0 } ${many(40, (i) => `fragment F${i} on Query { ${many(40, (j) => `...F${j}`).join(' ')} }`).join(' ')}`,
  'fragments nobody uses': `{ __typename } ${many(390, (i) => `fragment F${i} on Query { viewer { role } }`).join(' ')}`,
  'fields nested in pairs': nestedPairs(9),
  'fields nested in pairs, below the limit': nestedPairs(6),
  'inline fragments nested deeply': `{ ${'... { '.repeat(1_200)} __typename ${'} '.repeat(1_200)} }`,
  'fields nested deeply': `{ ${'a{'.repeat(1_300)}a${'}'.repeat(1_300)} }`,
  'fields nested deeply, below the limit': `{ ${'a{'.repeat(390)}a${'}'.repeat(390)} }`,
  operations: many(600, (i) => `query Q${i} { __typename }`).join(' '),
  'operations with one fragment each': many(
    140,
    (i) => `query Q${i}($v: Int) { ...F${i} } fragment F${i} on Query { articles(first: $v) { __typename } }`,
  ).join(' '),
  variables: `query (${many(990, (i) => `$v${i}: Int`).join(' ')}) { __typename }`,
  'one variable many times': `query (${many(990, () => '$v: Int').join(' ')}) { __typename }`,
  'unknown variables used': `{ ${many(190, (i) => `a${i}: article(slug: $v${i}) { id }`).join(' ')} }`,
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
    .slice(0, 190)
    .join(' ')} }`,
  'a long name': `{ ${long('a')} }`,
  'a long alias in a list': `{ articles(first: 100) { edges { node { ${long('a')}: id } } } }`,
  'a long alias in lists in a list': `{ articles(first: 100) { edges { node { comments(first: 40) { edges { node { ${long('a')}: id } } } } } } }`,
  'an alias of 128 characters in lists in a list': `{ articles(first: 60) { edges { node { comments(first: 40) { edges { node { ${long('a', 128)}: id } } } } } } }`,
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
  'one field of a page with long lists of places': `{ articles(first: 100) { edges { node { ${many(3, () => `people(namedIn: [${many(1_200, () => 'ARTICLE').join(' ')}]) { namedIn }`).join(' ')} } } } }`,
  'the schema': getIntrospectionQuery(),
  'the schema, each time in another form': `query Q { __schema { types { ${many(300, () => 'name').join(' ')} fields(includeDeprecated: true) { name description args { name description type { name ofType { name ofType { name ofType { name } } } } } } } } }`,
  'types of types of the schema':
    '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }',
  'possible types':
    '{ __schema { types { possibleTypes { possibleTypes { interfaces { possibleTypes { name } } } fields { name } } } } }',
  'cost to the limit':
    '{ articles(first: 100) { edges { node { headline people { person { name } } organisations { organisation { name } } comments(first: 20) { edges { node { body author { displayName } } } } } } } }',
  'statements to the limit': `{ ${many(198, (i) => `a${i}: article(slug: "a${i}") { id }`).join(' ')} }`,
  'nodes to the limit': `{ ${many(198, (i) => `a${i}: node(id: "${idOf(NODE_TYPES[i % 5] as string, i)}") { id }`).join(' ')} }`,
  'lists of nodes to the limit': `{ ${many(3, (i) => `a${i}: nodes(ids: [${many(100, (j) => `"${idOf(NODE_TYPES[j % 5] as string, 100 * i + j)}"`).join(' ')}]) { id }`).join(' ')} }`,
  'people and organisations to the limit': `{ ${many(198, (i) => `a${i}: ${['person', 'organisation'][i % 2]}(slug: "a${i}") { name }`).join(' ')} }`,
  'lists to the limit': `{ ${many(130, (i) => `a${i}: articles(first: 1, filter: { language: "e${i % 7}", topic: "a", publishedFrom: "2019-01-01T00:00:00Z" }) { edges { cursor } }`).join(' ')} }`,
  'searches to the limit': `{ ${many(35, (i) => `a${i}: search(text: "${'ab '.repeat(60)}${i}") { people { id } }`).join(' ')} }`,
  'parents of comments':
    '{ articles(first: 49) { edges { node { comments(first: 50) { edges { node { id parent { id article { headline } parent { id } } } } } } } } }',
}

/** The id of a row that does not exist. */
function idOf(typename: string, number: number): string {
  return btoa(`${typename}:00000000-0000-7000-8000-${String(number).padStart(12, '0')}`)
}

/** Two fields at each level, each with two below. */
function nestedPairs(depth: number): string {
  return depth === 0 ? '{ __typename }' : `{ a ${nestedPairs(depth - 1)} a ${nestedPairs(depth - 1)} }`
}
