LOCK TABLE "Quotation", "ArticleEntity", "Comment", "Delivery" IN ACCESS EXCLUSIVE MODE;

-- The validated constraint proves that no column is null, so no rows are read under the exclusive lock.
ALTER TABLE "ArticleEntity" ALTER COLUMN "publishedAt" SET NOT NULL;
ALTER TABLE "ArticleEntity" DROP CONSTRAINT "ArticleEntity_publishedAt_set";

-- The new indexes begin with the same columns.
DROP INDEX "ArticleEntity_entityId_namedIn_idx";
DROP INDEX "Quotation_speakerId_idx";
DROP INDEX "Comment_readerId_submittedAt_idx";
DROP INDEX "Delivery_articleId_firstAt_idx";
