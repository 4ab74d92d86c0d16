-- Comments and feed entries from before, alone in a transaction: it locks rows, and no table.
WITH RECURSIVE thread AS (
    SELECT "id", "id" AS "threadId" FROM "Comment" WHERE "parentId" IS NULL
    UNION ALL
    SELECT c."id", t."threadId" FROM thread t JOIN "Comment" c ON c."parentId" = t."id"
)
UPDATE "Comment" c SET "threadId" = t."threadId" FROM thread t
WHERE t."id" = c."id" AND c."threadId" IS NULL;

UPDATE "FeedEntry" e SET "commentCount" = counted."count"
FROM (
    SELECT "articleId", "position",
        sum(CASE "kind" WHEN 'APPROVED' THEN 1 ELSE -1 END) OVER (PARTITION BY "articleId" ORDER BY "position") AS "count"
    FROM "FeedEntry"
) counted
WHERE counted."articleId" = e."articleId" AND counted."position" = e."position" AND e."commentCount" IS NULL;
