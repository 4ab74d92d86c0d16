-- Rows from before, alone in a transaction: it locks rows, and no table. The trigger sets the time.
UPDATE "ArticleEntity" SET "publishedAt" = NULL WHERE "publishedAt" IS NULL;
