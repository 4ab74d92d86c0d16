import { describeText, fieldsWith } from '../articles/fields.ts'
import { recordOf } from '../base/records.ts'
import { builder } from '../graphql/builder.ts'
import type { ArticleJson, TopicJson } from '../syndication/article-json.ts'
import { Dateline, describeArticle, TextDirection } from './article.ts'
import { Correction } from './correction.ts'
import { LicensedBlock } from './licensed-block.ts'
import { LicensedArticleOrganisation, LicensedArticlePerson } from './licensed-entity.ts'
import { LicensedImage } from './licensed-image.ts'
import { NamedIn } from './named-in.ts'

// The licensed version of an article. The types do not read the database and convert nothing: they show what
// `articleJson` returns, as REST and webhooks do.

const LicensedTopic = builder.objectRef<TopicJson>('LicensedTopic').implement({
  description: 'The topic of an article.',
  fields: (t) => ({
    slug: t.exposeString('slug', { description: 'The slug in URLs.' }),
    name: t.exposeString('name', { description: 'The name that readers see.' }),
  }),
})

export const LicensedArticle = builder.objectRef<ArticleJson>('LicensedArticle').implement({
  description: 'The licensed version of an article. Parts that your licence does not cover are left out.',
  // Every field of ArticleJson must be here.
  fields: (t) =>
    ({
      id: t.exposeID('id', { description: 'The id of the Article.' }),
      slug: t.exposeString('slug', { description: 'The slug of the article in URLs.' }),
      url: t.exposeString('url', { description: 'The URL of the original page.' }),
      language: t.exposeString('language', { description: 'The language, as a BCP 47 tag.' }),
      direction: t.expose('direction', { type: TextDirection, ...describeArticle.direction }),
      version: t.exposeInt('version', { description: 'The number of the version, from 1.' }),
      ...recordOf(fieldsWith({ kind: 'text', licensed: true, required: true }), (name) =>
        t.exposeString(name, describeText(name)),
      ),
      ...recordOf(fieldsWith({ kind: 'text', licensed: true, required: false }), (name) =>
        t.exposeString(name, { nullable: true, ...describeText(name) }),
      ),
      dateline: t.expose('dateline', { type: Dateline, nullable: true, ...describeArticle.dateline }),
      topic: t.expose('topic', { type: LicensedTopic, nullable: true, description: 'The topic.' }),
      publishedAt: t.expose('publishedAt', {
        type: 'DateTime',
        description: 'When the article was published.',
      }),
      updatedAt: t.expose('updatedAt', {
        type: 'DateTime',
        description: 'When the content that readers see last changed.',
      }),
      leadImage: t.expose('leadImage', {
        type: LicensedImage,
        nullable: true,
        description: 'The main image.',
      }),
      hasFullText: t.exposeBoolean('hasFullText', { description: 'Whether your licence includes the body.' }),
      body: t.expose('body', {
        type: [LicensedBlock],
        description:
          'The blocks of the body, in reading order. Empty if your licence does not include the body.',
        complexity: { field: 1, multiplier: 20 },
      }),
      people: t.field({
        type: [LicensedArticlePerson],
        description: 'The people that your version names, in the order of first mention.',
        args: whereNamed,
        resolve: ({ people }, args) => people.filter(({ namedIn }) => args.namedIn.includes(namedIn)),
      }),
      organisations: t.field({
        type: [LicensedArticleOrganisation],
        description: 'The organisations that your version names, in the order of first mention.',
        args: whereNamed,
        resolve: ({ organisations }, args) =>
          organisations.filter(({ namedIn }) => args.namedIn.includes(namedIn)),
      }),
      corrections: t.expose('corrections', {
        type: [Correction],
        description: 'The correction notices, newest first. They must be shown to readers.',
      }),
      attribution: t.exposeString('attribution', {
        nullable: true,
        description: 'The attribution line, which must be printed with the article.',
      }),
    }) satisfies Record<keyof ArticleJson, unknown>,
})

/** The argument of LicensedArticle.people and LicensedArticle.organisations. */
const whereNamed = builder.args((t) => ({
  namedIn: t.field({
    type: [NamedIn],
    required: true,
    defaultValue: ['ARTICLE', 'CAPTION', 'CREDIT', 'BYLINE'],
    description:
      'Filters by the part of the article that contains the name. By default, all parts are included, as over REST ' +
      'and in webhooks.',
  }),
}))
