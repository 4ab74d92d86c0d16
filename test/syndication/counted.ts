import { loadArticles } from '../../src/syndication/load.ts'
import { project } from '../../src/syndication/project.ts'
import type { TestApp } from '../support/app.ts'

/** What a partner's licence covers, counted in the versions of the stories that the partner may have. */
export async function countedByHand(
  app: TestApp,
  slug: string,
  now: Date,
): Promise<{ articles: number; images: number }> {
  const { prisma } = app.database
  const { licence, id } = await prisma.partner.findUniqueOrThrow({
    where: { slug },
    include: { licence: true },
  })
  if (!licence) throw new Error('the partner has no licence')
  const ids = (await prisma.article.findMany({ select: { id: true } })).map((article) => article.id)
  const stories = [...(await loadArticles(prisma, ids, app.config.publicUrl)).values()]
  const audience = { kind: 'partner' as const, id, slug, terms: licence }
  const versions = stories.flatMap((story) => project(story, audience, now) ?? [])
  const urls = versions.flatMap(({ leadImage, body }) => [
    ...(leadImage ? [leadImage.url] : []),
    ...body.flatMap((block) => (block.kind === 'IMAGE' ? [block.image.url] : [])),
  ])
  return { articles: versions.length, images: new Set(urls.map((url) => url.toLowerCase())).size }
}
