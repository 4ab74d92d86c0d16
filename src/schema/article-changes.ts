import { queryFromInfo } from '@pothos/plugin-prisma'
import type { GraphQLResolveInfo } from 'graphql'
import { visibleArticles } from '../articles/visible.ts'
import { builder } from '../graphql/builder.ts'
import type { Context } from '../graphql/context.ts'
import { rowIdOf, rowIdOrSlug } from '../graphql/ids.ts'
import type { ArticleChangeEvent, NewArticleEvent } from '../live/article-event.ts'
import { canonicalLanguage, includesLanguage } from '../text/language.ts'
import { Article } from './article.ts'
import { ArticleFilter, checkPeriod } from './article-list.ts'

const PublicChangeKind = builder.enumType('PublicChangeKind', {
  description: 'What readers notice of a change of an article.',
  values: {
    UPDATED: { description: 'The text, images or headline fields changed.' },
    CORRECTED: { description: 'The article was corrected, with a notice for readers in "corrections".' },
    COMMENTING_CHANGED: { description: 'The comments on the article were opened or closed.' },
    REMOVED: {
      description:
        'The article is no longer visible: it was withheld or canceled, or is under embargo. The subscription continues.',
    },
    PUBLISHED: { description: 'The article is visible again.' },
  } as const,
})

const PublicChange = builder.objectRef<ArticleChangeEvent>('PublicChange').implement({
  description: 'A change of an article that readers notice.',
  fields: (t) => ({
    kind: t.expose('kind', { type: PublicChangeKind, description: 'What readers notice.' }),
    version: t.exposeInt('version', {
      description: 'The version of the article after the change. Pass it as "after" to continue.',
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When the article was changed.' }),
    article: t.field({
      type: Article,
      nullable: true,
      description: 'The article as it is now; null if it is not visible, and for REMOVED.',
      resolve: ({ kind, articleId }, _args, context, info) =>
        kind === 'REMOVED' ? null : visibleArticle(articleId, context, info),
    }),
  }),
})

builder.subscriptionField('articleChanges', (t) =>
  t.field({
    type: PublicChange,
    description:
      'The changes of an article that readers notice, in real time and in order, each once. For pages that are open: ' +
      'with the version of the page as "after", nothing is missed between the page and the subscription. If the ' +
      'article is not visible to everybody, the error is NOT_FOUND. The results are those of an anonymous viewer.',
    args: {
      articleId: t.arg.id({ required: true, description: 'The id of the article.' }),
      after: t.arg.int({
        description:
          'The version that you have (Article.version). If there is a newer one, the first event stands for ' +
          'all changes since. Its kind is the most important of them: CORRECTED, then UPDATED, then COMMENTING_CHANGED.',
      }),
    },
    subscribe: (_root, { articleId, after }, { articleChanges, viewer, requester, resumeAfter }) =>
      articleChanges.subscribe(rowIdOf('Article', articleId), versionIn(resumeAfter) ?? after ?? null, {
        viewer,
        requester,
      }),
    resolve: (event) => event,
  }),
)

/** The version in the id of an event of an event stream; null for any other text. */
function versionIn(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null
}

/** The article with the client's selection; null if the viewer may not see it. */
function visibleArticle(id: string, context: Context, info: GraphQLResolveInfo) {
  const query = queryFromInfo({ context, info, select: { id: true } })
  return context.db.article.findFirst({ ...query, where: { id, AND: visibleArticles(context) } })
}

const NewArticle = builder.objectRef<NewArticleEvent>('NewArticle').implement({
  description: 'An article has become visible.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When the article became visible.' }),
    article: t.field({
      type: Article,
      nullable: true,
      description: 'The article; null if it is already no longer visible.',
      resolve: ({ articleId }, _args, context, info) => visibleArticle(articleId, context, info),
    }),
  }),
})

builder.subscriptionField('newArticles', (t) =>
  t.field({
    type: NewArticle,
    description:
      'The articles that become visible, in real time: published, released, or at the end of an embargo. An article ' +
      'that is withheld and released comes again. There is no cursor: after a reconnect, load the list again. The ' +
      'results are those of an anonymous viewer.',
    args: { filter: t.arg({ type: ArticleFilter, description: 'Filters articles.' }) },
    subscribe: (_root, { filter }, { articleChanges, viewer, requester }) =>
      articleChanges.subscribeToNew(testOf(filter ?? {}), { viewer, requester }),
    resolve: (event) => event,
  }),
)

/**
 * A filter of articles as a test of one article, so that an event costs no statement for each subscriber.
 * @throws InvalidInput for a filter that no article can match
 */
function testOf({
  topic,
  language,
  person,
  organisation,
  publishedFrom,
  publishedBefore,
}: typeof ArticleFilter.$inferInput): (event: NewArticleEvent) => boolean {
  checkPeriod({ publishedFrom, publishedBefore })
  const range = language == null ? null : canonicalLanguage(language)
  const named = [
    ...(person == null ? [] : [{ kind: 'PERSON', ...rowIdOrSlug('Person', person) }]),
    ...(organisation == null ? [] : [{ kind: 'ORGANISATION', ...rowIdOrSlug('Organisation', organisation) }]),
  ]
  return ({ topics, language: tag, entities, publishedAt }) =>
    (topic == null || topics.includes(topic)) &&
    (range === null || includesLanguage([range], tag)) &&
    named.every((wanted) => entities.some((entity) => isEntity(entity, wanted))) &&
    (publishedFrom == null || publishedAt >= publishedFrom) &&
    (publishedBefore == null || publishedAt < publishedBefore)
}

function isEntity(
  { id, slug, kind }: NewArticleEvent['entities'][number],
  wanted: { kind: string } & ({ id: string } | { slug: string }),
): boolean {
  return kind === wanted.kind && ('id' in wanted ? wanted.id === id : wanted.slug === slug)
}
