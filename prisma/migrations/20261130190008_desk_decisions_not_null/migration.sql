LOCK TABLE "Comment", "Decision" IN ACCESS EXCLUSIVE MODE;

-- The validated constraint proves that no column is null, so no rows are read under the exclusive lock.
ALTER TABLE "Decision" ALTER COLUMN "articleId" SET NOT NULL;
ALTER TABLE "Decision" DROP CONSTRAINT "Decision_articleId_set";

-- Comment_pending_idx begins with the same columns.
DROP INDEX "Comment_queue_idx";
