import { bodyDigestOf } from '../../src/comments/body.ts'
import type { PrismaClient } from '../../src/db/client/client.ts'

/** Rows with no more in them than the tables ask for; each call makes another one. */
export function rows(prisma: PrismaClient) {
  let count = 0
  const at = new Date('2026-01-02T03:04:05Z')
  return {
    article: (data = {}) => {
      const slug = `story-${++count}`
      const furniture = {
        slug,
        canonicalUrl: `https://news.example/${slug}`,
        language: 'en',
        headline: 'News',
      }
      return prisma.article.create({ data: { ...furniture, publishedAt: at, updatedAt: at, ...data } })
    },
    comment: async (articleId: string, data = {}) => {
      const reader = await prisma.reader.create({
        data: { subject: `reader-${++count}`, displayName: 'Reader', createdAt: at },
      })
      const words = { body: 'Words.', bodyDigest: bodyDigestOf('Words.'), submittedAt: at }
      return prisma.comment.create({ data: { articleId, readerId: reader.id, ...words, ...data } })
    },
    decision: (commentId: string, verdict: 'APPROVED' | 'REJECTED', guidelines: string[] = []) =>
      prisma.decision.create({
        data: {
          commentId,
          verdict,
          moderator: 'moderator-1',
          moderatorName: 'Moderator',
          at,
          guidelines: { create: guidelines.map((guidelineCode) => ({ guidelineCode })) },
        },
      }),
    block: (articleId: string, data = {}) =>
      prisma.block.create({ data: { articleId, position: 1, kind: 'PARAGRAPH', text: 'Text.', ...data } }),
    person: () =>
      prisma.entity.create({ data: { kind: 'PERSON', slug: `person-${++count}`, name: 'Person' } }),
    organisation: () =>
      prisma.entity.create({ data: { kind: 'ORGANISATION', slug: `body-${++count}`, name: 'Body' } }),
    /** Advances the article's feed and writes the entry that stands there, as a decision does. */
    entry: (articleId: string, commentId: string, kind: 'APPROVED' | 'RETRACTED' = 'APPROVED') =>
      prisma.$transaction(async (transaction) => {
        const { feedPosition } = await transaction.article.update({
          where: { id: articleId },
          data: { feedPosition: { increment: 1 } },
        })
        return transaction.feedEntry.create({
          data: { articleId, position: feedPosition, kind, commentId, at },
        })
      }),
  }
}
