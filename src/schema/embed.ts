import { builder } from '../graphql/builder.ts'
import type { ArticleEmbed } from '../syndication/licensed-article.ts'

/** The columns that have a field. */
export const embedColumns = {
  provider: true,
  url: true,
  authorName: true,
  handle: true,
  text: true,
  postedAt: true,
} as const satisfies Record<keyof ArticleEmbed, true>

/** A social media post, in an article and in its licensed version. */
export const Embed = builder.objectRef<ArticleEmbed>('Embed').implement({
  description: 'A social media post that is embedded in an article.',
  fields: (t) => ({
    provider: t.exposeString('provider', { description: 'The network: "X", "Facebook", "YouTube".' }),
    url: t.exposeString('url', { description: 'The URL of the post.' }),
    authorName: t.exposeString('authorName', {
      nullable: true,
      description: 'The display name of the author on the network.',
    }),
    handle: t.exposeString('handle', {
      nullable: true,
      description: 'The account of the author on the network.',
    }),
    text: t.exposeString('text', { nullable: true, description: 'The text of the post.' }),
    postedAt: t.expose('postedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the post was published.',
    }),
  }),
})
