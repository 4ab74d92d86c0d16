-- Reads all rows while others read them. The lists of the moderators' desk are read in the order of an index.
LOCK TABLE "Comment" IN SHARE MODE;
-- The counts of the queue are read from its index alone.
CREATE INDEX "Comment_pending_idx" ON "Comment"("submittedAt", "id", "articleId", "language")
    WHERE "status" = 'PENDING';
CREATE INDEX "Comment_articleId_first_idx" ON "Comment"("articleId", "position")
    WHERE "parentId" IS NULL AND "position" IS NOT NULL;
CREATE INDEX "Comment_readerId_status_submittedAt_id_idx" ON "Comment"("readerId", "status", "submittedAt", "id");
CREATE INDEX "Comment_readerId_articleId_submittedAt_id_idx"
    ON "Comment"("readerId", "articleId", "submittedAt", "id");
