import {
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fillWithSample } from '../../src/sample/fill.ts'
import { schema } from '../../src/schema/schema.ts'
import { freshApp, type TestApp } from '../support/app.ts'

// What Relay's server specification asks for: Object Identification, and Cursor Connections.

const nodeTypes = schema.getPossibleTypes(schema.getType('Node') as never).map(({ name }) => name)
const connections = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .filter(({ name }) => name.endsWith('Connection'))

describe('the schema, by the rules of Relay', () => {
  test('Node is an interface of an id alone, and Query.node finds one', () => {
    const node = schema.getType('Node')
    if (!isInterfaceType(node)) throw new Error('Node is no interface')
    expect(signatures(node)).toEqual({ id: 'ID!' })
    const field = schema.getQueryType()?.getFields().node
    expect(String(field?.type)).toBe('Node')
    expect(field?.args.map(({ name, type }) => `${name}: ${type}`)).toEqual(['id: ID!'])
    expect(nodeTypes).toEqual(
      expect.arrayContaining(['Article', 'Comment', 'Organisation', 'Person', 'Topic']),
    )
  })

  test('PageInfo has the four fields of the specification', () => {
    expect(signatures(schema.getType('PageInfo') as GraphQLObjectType)).toEqual({
      hasNextPage: 'Boolean!',
      hasPreviousPage: 'Boolean!',
      startCursor: 'String',
      endCursor: 'String',
    })
  })

  test.each(connections)('$name has edges with node and cursor, and PageInfo', (connection) => {
    const { edges, pageInfo } = connection.getFields()
    expect(String(pageInfo?.type)).toBe('PageInfo!')
    expect(isListType(getNullableType(edges?.type))).toBe(true)
    const edge = getNamedType(edges?.type) as GraphQLObjectType
    expect(edge.name).toMatch(/Edge$/)
    expect(signatures(edge)).toMatchObject({ cursor: 'String!' })
    expect(isListType(getNullableType(edge.getFields().node?.type))).toBe(false)
  })

  test('every list that is a connection pages both ways, but for changes, removals, recalls and events, which only go forwards', () => {
    const fields = Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type))
      .flatMap((type) => Object.values(type.getFields()))
      .filter(({ type }) => connections.includes(getNamedType(type) as GraphQLObjectType))
    expect(fields.length).toBeGreaterThanOrEqual(connections.length)
    for (const { name: field, args } of fields) {
      const paging = Object.fromEntries(args.map(({ name, type }) => [name, String(type)]))
      const backwards = ['changes', 'removals', 'openRecalls', 'commentEvents'].includes(field)
        ? {}
        : { last: 'Int', before: 'String' }
      expect(paging).toMatchObject({ first: 'Int', after: 'String', ...backwards })
    }
  })
})

describe('the gateway, by the rules of Relay', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await freshApp()
    await fillWithSample(app.database, { ...app.config, sample: true }, () => new Date())
  })
  afterAll(() => app.close())

  test('anything that has an id is read again by it, the same', async () => {
    const one = await app.ask(`{
      articles(first: 1) { edges { node { __typename id } } }
      discussed: articles(first: 50) { edges { node { comments(first: 1) { edges { node { __typename id } } } } } }
      people(first: 1) { edges { node { __typename id } } }
      organisations(first: 1) { edges { node { __typename id } } }
      topics(first: 1) { edges { node { __typename id } } }
    }`)
    const found = nodesIn(one)
    expect(new Set(found.map(({ __typename }) => __typename))).toEqual(
      // Readers are shown to moderators only.
      new Set(nodeTypes.filter((type) => type !== 'Reader')),
    )
    for (const node of found) {
      const again = await app.ask('query ($id: ID!) { node(id: $id) { __typename id } }', { id: node.id })
      expect(again).toEqual({ node })
    }
  })

  test('an id of nothing is null', async () => {
    const id = Buffer.from('Article:0198f3a2-0000-7000-8000-000000000000').toString('base64')
    expect(await app.ask('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ node: null })
  })

  test('an id survives an update of what it names', async () => {
    const query = '{ articles(first: 1) { edges { node { id slug headline } } } }'
    const [before] = nodesIn(await app.ask(query))
    await app.database.prisma.article.update({ where: { slug: before?.slug }, data: { headline: 'New' } })
    const [after] = nodesIn(await app.ask(query))
    expect(after).toEqual({ ...before, headline: 'New' })
  })

  test.each(['articles', 'people', 'organisations', 'topics'])(
    'walking %s page by page, either way, gives what one large page gives, in the same order',
    async (list) => {
      const { cursors: all, pageInfo: whole } = await page(list, { first: 100 })
      expect(whole).toMatchObject({ hasNextPage: false, hasPreviousPage: false })
      expect(all.length).toBeGreaterThan(5)

      const forwards: string[] = []
      for (let after: string | null = null, more = true; more; ) {
        const { cursors, pageInfo } = await page(list, { first: 4, after })
        forwards.push(...cursors)
        expect(pageInfo.startCursor).toBe(cursors[0])
        more = pageInfo.hasNextPage
        after = pageInfo.endCursor
      }
      expect(forwards).toEqual(all)

      const backwards: string[] = []
      for (let before: string | null = null, more = true; more; ) {
        const { cursors, pageInfo } = await page(list, { last: 4, before })
        backwards.unshift(...cursors)
        more = pageInfo.hasPreviousPage
        before = pageInfo.startCursor
      }
      expect(backwards).toEqual(all)
    },
  )

  async function page(list: string, variables: object) {
    const data = await app.ask(
      `query ($first: Int, $after: String, $last: Int, $before: String) {
        ${list}(first: $first, after: $after, last: $last, before: $before) {
          edges { cursor }
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
      }`,
      variables,
    )
    const { edges, pageInfo } = data[list]
    return { cursors: edges.map(({ cursor }: { cursor: string }) => cursor) as string[], pageInfo }
  }
})

interface NodeFound {
  __typename: string
  id: string
  slug?: string
}

/** Every object with an id, wherever it is in an answer. */
function nodesIn(data: unknown): NodeFound[] {
  if (typeof data !== 'object' || data === null) return []
  return 'id' in data ? [data as NodeFound] : Object.values(data).flatMap(nodesIn)
}

function signatures(type: { getFields(): Record<string, { type: unknown }> }): Record<string, string> {
  return Object.fromEntries(
    Object.entries(type.getFields()).map(([name, field]) => [name, String(field.type)]),
  )
}
