import { encodeGlobalID } from '@pothos/plugin-relay'
import type { ArticleDraft } from '../../src/articles/draft.ts'
import { saveArticle } from '../../src/articles/save.ts'
import { loadNameIndex } from '../../src/articles/save-entity.ts'
import type { Viewer } from '../../src/auth/viewer.ts'
import { notifyPublisher } from '../../src/bus/notify.ts'
import { type DecisionDeps, decide } from '../../src/comments/decide.ts'
import type { Outcome } from '../../src/comments/decision-outcome.ts'
import { submitComment } from '../../src/comments/submit.ts'
import type { Comment, PrismaClient } from '../../src/db/client/client.ts'

let count = 0

/** Stores a story; what the test does not care about is filled in. Returns its key and its global id. */
export async function addArticle(
  prisma: PrismaClient,
  draft: Partial<ArticleDraft> = {},
): Promise<{ key: string; id: string; slug: string }> {
  count += 1
  const slug = draft.slug ?? `story-${count}`
  const { id: key } = await saveArticle(
    prisma,
    {
      slug,
      canonicalUrl: `https://dateline.example/${slug}`,
      language: 'en',
      headline: `Story ${count}`,
      publishedAt: new Date('2026-01-01T00:00:00Z'),
      blocks: [{ kind: 'PARAGRAPH', text: `The text of story ${count}.` }],
      ...draft,
    },
    { now: new Date('2026-01-01T00:00:00Z'), names: await loadNameIndex(prisma) },
  )
  return { key, id: encodeGlobalID('Article', key), slug }
}

/** A reader or moderator as a token would make them. */
export function someone(role: 'reader' | 'moderator', name: string): Viewer {
  return { role, subject: `${role}-${name}`, displayName: name, expiresAt: null }
}

/** Submits a comment by the rules; it is pending. */
export function addComment(
  prisma: PrismaClient,
  articleKey: string,
  {
    body,
    by = 'Reader',
    at = new Date(),
    parentId,
  }: { body: string; by?: string; at?: Date; parentId?: string },
): Promise<Comment> {
  const deps = { prisma, viewer: someone('reader', by), now: () => at }
  return submitComment({ articleId: articleKey, body, parentId }, deps)
}

export function approve(prisma: PrismaClient, ids: string[], by = 'Moderator'): Promise<Outcome[]> {
  return decide({ verdict: 'APPROVED', ids }, rulingDeps(prisma, by))
}

export function reject(prisma: PrismaClient, ids: string[], by = 'Moderator'): Promise<Outcome[]> {
  return decide({ verdict: 'REJECTED', ids, guidelines: ['RELEVANCE'] }, rulingDeps(prisma, by))
}

function rulingDeps(prisma: PrismaClient, by: string): DecisionDeps {
  return {
    prisma,
    bus: notifyPublisher(prisma),
    viewer: someone('moderator', by),
    now: () => new Date(),
  }
}

/** The id that clients know a row by. */
export function globalId(typename: string, key: string): string {
  return encodeGlobalID(typename, key)
}
