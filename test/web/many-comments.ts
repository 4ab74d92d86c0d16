import type { PrismaClient } from '../../src/db/client/client.ts'

/** Adds approved comments to a story with SQL: `Comment 1.` is approved first. */
export async function addManyComments(prisma: PrismaClient, articleId: string, count: number): Promise<void> {
  await prisma.$executeRawUnsafe(`DO $$
    DECLARE
      author uuid := gen_random_uuid();
    BEGIN
      INSERT INTO "Reader" ("id", "subject", "displayName", "createdAt") VALUES (author, 'writer', 'Writer', now());
      UPDATE "Article" SET "feedPosition" = ${count}, "commentCount" = ${count} WHERE "id" = '${articleId}';
      INSERT INTO "Comment" ("id", "articleId", "readerId", "authorName", "body", "bodyDigest", "submittedAt",
          "status", "approvedAt", "position")
        SELECT gen_random_uuid(), '${articleId}', author, 'Writer', 'Comment ' || place || '.',
          sha256(place::text::bytea), now(), 'APPROVED', now(), place
        FROM generate_series(1, ${count}) AS place;
      INSERT INTO "Decision" ("id", "commentId", "verdict", "moderator", "moderatorName", "at")
        SELECT gen_random_uuid(), "id", 'APPROVED', 'moderator', 'Moderator', now() FROM "Comment"
        WHERE "articleId" = '${articleId}';
      INSERT INTO "FeedEntry" ("articleId", "position", "kind", "commentId", "at")
        SELECT "articleId", "position", 'APPROVED', "id", now() FROM "Comment"
        WHERE "articleId" = '${articleId}' ORDER BY "position";
    END $$`)
}
