import SchemaBuilder from '@pothos/core'
import PrismaPlugin from '@pothos/plugin-prisma'
import RelayPlugin from '@pothos/plugin-relay'
import type { Prisma, PrismaClient } from '../../../src/db/client/client.ts'
import type PrismaTypes from '../../../src/db/client/pothos.ts'
import { getDatamodel } from '../../../src/db/client/pothos.ts'

// The pages of the benchmark as the documentation of Pothos' plugin for Prisma sets up a schema: the plugin makes
// one Prisma query of each page from what the document selects.

export type Loading = 'join' | 'query'

/** @param relationLoadStrategy whether Prisma reads relations in one statement, or in one for each relation */
export function yogaSchema(prisma: PrismaClient, relationLoadStrategy: Loading) {
  const builder = new SchemaBuilder<{
    PrismaTypes: PrismaTypes
    DefaultFieldNullability: false
    Scalars: { DateTime: { Input: Date; Output: Date }; ID: { Input: string; Output: string } }
  }>({
    plugins: [PrismaPlugin, RelayPlugin],
    defaultFieldNullability: false,
    prisma: { client: prisma, dmmf: getDatamodel() },
    // The types of a plugin of the gateway require it of every builder in the program.
    scopeAuth: undefined as never,
  })
  builder.scalarType('DateTime', { serialize: (value) => value.toISOString() })

  const Block = builder.prismaInterface('Block', {
    name: 'Block',
    select: { kind: true },
    resolveType: ({ kind }) => (kind === 'HEADING' ? 'Heading' : 'Paragraph'),
    fields: (t) => ({ kind: t.exposeString('kind'), position: t.exposeInt('position') }),
  })
  for (const variant of ['Paragraph', 'Heading'] as const) {
    builder.prismaObject('Block', {
      variant,
      interfaces: [Block],
      fields: (t) => ({
        text: t.exposeString('text', { nullable: true }),
        ...(variant === 'Heading' && { level: t.exposeInt('level', { nullable: true }) }),
      }),
    })
  }
  builder.prismaObject('Topic', {
    fields: (t) => ({ slug: t.exposeString('slug'), name: t.exposeString('label') }),
  })
  builder.prismaObject('ImageUse', {
    name: 'Image',
    fields: (t) => ({
      url: t.string({ select: { image: { select: { url: true } } }, resolve: ({ image }) => image.url }),
      alt: t.exposeString('alt', { nullable: true }),
      caption: t.exposeString('caption', { nullable: true }),
      credit: t.exposeString('credit', { nullable: true }),
    }),
  })
  builder.prismaNode('Entity', { id: { field: 'id' }, fields: (t) => ({ name: t.exposeString('name') }) })
  const appearance = (name: 'person' | 'organisation') =>
    builder.prismaObject('ArticleEntity', {
      variant: `Article_${name}`,
      fields: (t) => ({
        roleAsPrinted: t.string({
          nullable: true,
          select: { rolesAsPrinted: true },
          resolve: ({ rolesAsPrinted }) => rolesAsPrinted[0] ?? null,
        }),
        [name]: t.relation('entity'),
      }),
    })
  const Person = appearance('person')
  const Organisation = appearance('organisation')
  const named = (kind: 'PERSON' | 'ORGANISATION') => ({
    where: { kind, namedIn: 'ARTICLE' as const },
    orderBy: { position: 'asc' as const },
  })
  const Author = builder.objectRef<{ authorName: string }>('Author').implement({
    fields: (t) => ({ displayName: t.exposeString('authorName') }),
  })
  builder.prismaNode('Comment', {
    id: { field: 'id' },
    fields: (t) => ({
      body: t.exposeString('body'),
      author: t.field({ type: Author, select: { authorName: true }, resolve: (comment) => comment }),
      submittedAt: t.expose('submittedAt', { type: 'DateTime' }),
      approvedAt: t.expose('approvedAt', { type: 'DateTime', nullable: true }),
    }),
  })
  const Dateline = builder.objectRef<{ datelineText: string | null }>('Dateline').implement({
    fields: (t) => ({ text: t.exposeString('datelineText', { nullable: true }) }),
  })
  builder.prismaNode('Article', {
    id: { field: 'id' },
    fields: (t) => ({
      slug: t.exposeString('slug'),
      headline: t.exposeString('headline'),
      standfirst: t.exposeString('standfirst', { nullable: true }),
      language: t.exposeString('language'),
      publishedAt: t.expose('publishedAt', { type: 'DateTime' }),
      updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
      commentCount: t.exposeInt('commentCount'),
      dateline: t.field({ type: Dateline, select: { datelineText: true }, resolve: (article) => article }),
      topic: t.relation('topic', { nullable: true }),
      leadImage: t.relation('leadImage', { nullable: true }),
      body: t.relation('blocks', { type: Block, query: { orderBy: { position: 'asc' } } }),
      people: t.relation('entities', { type: Person, query: named('PERSON') }),
      organisations: t.relation('entities', { type: Organisation, query: named('ORGANISATION') }),
      comments: t.relatedConnection('comments', {
        cursor: 'id',
        query: { where: { status: 'APPROVED' }, orderBy: { position: 'desc' } },
      }),
    }),
  })
  builder.queryType({
    fields: (t) => ({
      article: t.prismaField({
        type: 'Article',
        nullable: true,
        args: { slug: t.arg.string({ required: true }) },
        resolve: (query, _root, { slug }) =>
          prisma.article.findUnique({ ...query, relationLoadStrategy, where: { slug, AND: visible() } }),
      }),
      articles: t.prismaConnection({
        type: 'Article',
        cursor: 'id',
        resolve: (query) =>
          prisma.article.findMany({
            ...query,
            relationLoadStrategy,
            where: visible(),
            orderBy: [{ publishedAt: 'desc' }, { id: 'desc' }],
          }),
      }),
    }),
  })
  return builder.toSchema()
}

function visible(): Prisma.ArticleWhereInput {
  const now = new Date()
  return {
    status: 'USABLE',
    publishedAt: { lte: now },
    OR: [{ embargoedUntil: null }, { embargoedUntil: { lte: now } }],
  }
}
