import { slugInStoryAddress } from '../articles/story-address.ts'
import { visibleArticles } from '../articles/visible.ts'
import { InvalidInput } from '../base/errors.ts'
import { builder } from '../graphql/builder.ts'
import { slugOrRowId } from '../graphql/ids.ts'
import { dependsOn } from '../graphql/record-reads.ts'
import { spellingsOfText } from '../ingest/addresses.ts'
import { ARTICLES } from '../read-cache/reads.ts'
import { Article } from './article.ts'

builder.queryField('article', (t) =>
  t.prismaField({
    type: Article,
    nullable: true,
    description: 'Finds an article by slug, id or URL.',
    args: {
      slug: t.arg.string({ description: 'The slug. Give one of slug, id and URL.' }),
      id: t.arg.id({ description: 'The id. Give one of slug, id and URL.' }),
      url: t.arg.string({
        description:
          'The URL of the original page, or of the page of this gateway (`/stories/SLUG`). The scheme, "www.", a ' +
          'trailing slash, the fragment and tracking parameters do not matter. Give one of slug, id and URL.',
      }),
    },
    // Another spelling of the URL may be the one of another article, or of a new one.
    ...dependsOn((_root, { url }: { url?: string | null }) => (url == null ? [] : [ARTICLES])),
    resolve: (query, _root, { url, ...args }, context) => {
      const visible = visibleArticles(context)
      if (url == null) {
        const where = { ...slugOrRowId('Article', args), AND: visible }
        return context.db.article.findUnique({ ...query, where })
      }
      if (args.slug != null || args.id != null)
        throw new InvalidInput('url', 'Give only one of "slug", "id" and "url".')
      const slug = slugInStoryAddress(url, context.publicUrl)
      const original = { canonicalUrl: { in: spellingsOfText(url) } }
      const where = { ...(slug === null ? original : { OR: [original, { slug }] }), AND: visible }
      return context.db.article.findFirst({ ...query, where, orderBy: { id: 'asc' } })
    },
  }),
)
