import {
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  getNamedType,
  isInterfaceType,
  isObjectType,
} from 'graphql'
import { expect, test } from 'vitest'
import { schema } from '../../src/schema/schema.ts'

// A field that an article and its licensed version both have is the same field.

/** The types of a licensed version, with the type of the article of which each shows a part. */
const COUNTERPARTS: Readonly<Record<string, string>> = {
  LicensedArticle: 'Article',
  LicensedArticlePerson: 'ArticlePerson',
  LicensedArticleOrganisation: 'ArticleOrganisation',
  LicensedEntity: 'Entity',
  LicensedPerson: 'Person',
  LicensedOrganisation: 'Organisation',
  LicensedTopic: 'Topic',
  LicensedImage: 'Image',
  LicensedBlock: 'Block',
  LicensedParagraph: 'Paragraph',
  LicensedHeading: 'Heading',
  LicensedQuotationBlock: 'QuotationBlock',
  LicensedImageBlock: 'ImageBlock',
  LicensedEmbedBlock: 'EmbedBlock',
  LicensedMention: 'Mention',
  LicensedQuotation: 'Quotation',
}

/** The types that both have. They lead to nothing else. */
const SHARED = ['Correction', 'Dateline', 'Embed']

/** The fields that an article does not have. */
const ONLY_LICENSED = ['LicensedArticle.attribution', 'LicensedArticle.hasFullText']

type Composite = GraphQLObjectType | GraphQLInterfaceType

function compositeType(typename: string): Composite {
  const type = schema.getType(typename)
  if (!isObjectType(type) && !isInterfaceType(type)) throw new Error(`${typename} has no fields`)
  return type
}

/** The type as the article has it: "[Block!]!" for "[LicensedBlock!]!". */
function asInArticle({ type }: GraphQLField<unknown, unknown>): string {
  return String(type).replace(/\w+/, (name) => COUNTERPARTS[name] ?? name)
}

const pairs = Object.entries(COUNTERPARTS)

test.each(pairs)('%s has fields of %s, with the same types and arguments', (licensed, counterpart) => {
  const fields = compositeType(counterpart).getFields()
  for (const field of Object.values(compositeType(licensed).getFields())) {
    const path = `${licensed}.${field.name}`
    if (ONLY_LICENSED.includes(path)) expect([path, fields]).not.toHaveProperty(`1.${field.name}`)
    else {
      const same = fields[field.name]
      expect([path, asInArticle(field)]).toEqual([path, String(same?.type)])
      const named = field.args.map(({ name, type }) => `${name}: ${type}`)
      expect([path, named]).toEqual([path, same?.args.map(({ name, type }) => `${name}: ${type}`)])
    }
  }
})

test.each(pairs)('%s has the types and interfaces of %s', (licensed, counterpart) => {
  const [type, other] = [compositeType(licensed), compositeType(counterpart)]
  const names = (types: readonly { name: string }[]) =>
    types.map(({ name }) => COUNTERPARTS[name] ?? name).sort()
  if (isInterfaceType(type) && isInterfaceType(other)) {
    expect(names(schema.getPossibleTypes(type))).toEqual(names(schema.getPossibleTypes(other)))
  }
  // Node is not among them: `node(id:)` returns the article itself.
  const interfaces = names(other.getInterfaces()).filter((name) => name !== 'Node')
  expect(names(type.getInterfaces())).toEqual(interfaces)
})

test('a licensed version leads to no type outside of it', () => {
  const found = new Set<string>()
  const visit = (typename: string) => {
    const type = schema.getType(typename)
    if (found.has(typename) || !(isObjectType(type) || isInterfaceType(type))) return
    found.add(typename)
    const inside = isInterfaceType(type) ? schema.getPossibleTypes(type) : []
    for (const { name } of inside) visit(name)
    for (const field of Object.values(type.getFields())) visit(getNamedType(field.type).name)
  }
  visit('LicensedArticle')
  expect([...found].sort()).toEqual([...Object.keys(COUNTERPARTS), ...SHARED].sort())
})
