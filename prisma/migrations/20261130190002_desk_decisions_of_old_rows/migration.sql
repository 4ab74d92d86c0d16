-- Decisions from before, alone in a transaction: it locks rows, and no table.
UPDATE "Decision" d SET "articleId" = c."articleId" FROM "Comment" c
WHERE c."id" = d."commentId" AND d."articleId" IS NULL;
