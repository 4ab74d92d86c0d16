import { COMMENT_FEED_CHANNEL } from '../../src/changelog/comment-feed-hint.ts'
import { bodyDigestOf } from '../../src/comments/body.ts'
import type { PrismaClient } from '../../src/db/client/client.ts'
import { approve } from '../support/newsroom.ts'

let readers = 0

/** Adds comments to a story that wait for a decision; returns their keys. */
export async function addPending(prisma: PrismaClient, key: string, count: number): Promise<string[]> {
  const at = new Date()
  const author = { subject: `reader-of-${key}-${++readers}`, displayName: 'Reader', createdAt: at }
  const { id: readerId } = await prisma.reader.create({ data: author })
  const rows = await prisma.comment.createManyAndReturn({
    data: Array.from({ length: count }, (_, index) => {
      const body = `Comment ${index + 1}`
      return { articleId: key, readerId, body, bodyDigest: bodyDigestOf(body), submittedAt: at }
    }),
  })
  return rows.map(({ id }) => id)
}

/**
 * Adds comments to a story and approves them; returns their keys in the order of the feed. Many at once are
 * written by the database itself, just as decisions write them.
 */
export async function fillFeed(prisma: PrismaClient, key: string, count: number): Promise<string[]> {
  const ids = await addPending(prisma, key, count)
  if (count <= 20) await approve(prisma, ids)
  else await prisma.$executeRawUnsafe(approveAll(key, ids))
  return ids
}

function approveAll(key: string, ids: string[]): string {
  return `DO $$
    DECLARE
      key uuid;
      place integer;
    BEGIN
      FOREACH key IN ARRAY '{${ids.join()}}'::uuid[] LOOP
        UPDATE "Article" SET "feedPosition" = "feedPosition" + 1, "commentCount" = "commentCount" + 1
          WHERE "id" = '${key}' RETURNING "feedPosition" INTO place;
        UPDATE "Comment" SET "status" = 'APPROVED', "approvedAt" = now(), "position" = place WHERE "id" = key;
        INSERT INTO "Decision" ("id", "commentId", "verdict", "moderator", "moderatorName", "at")
          VALUES (gen_random_uuid(), key, 'APPROVED', 'moderator', 'Moderator', now());
        INSERT INTO "FeedEntry" ("articleId", "position", "kind", "commentId", "at")
          VALUES ('${key}', place, 'APPROVED', key, now());
      END LOOP;
      PERFORM pg_notify('${COMMENT_FEED_CHANNEL}', json_build_object('articleId', '${key}', 'position', place)::text);
    END $$`
}
