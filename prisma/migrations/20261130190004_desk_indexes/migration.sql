-- Reads all rows while others read them. The lists of the moderators' desk are read in the order of an index.
LOCK TABLE "Article", "Reader", "Comment", "Decision" IN SHARE MODE;
ALTER TABLE "Decision" VALIDATE CONSTRAINT "Decision_articleId_set";

CREATE INDEX "Article_status_publishedAt_id_idx" ON "Article"("status", "publishedAt", "id");
CREATE INDEX "Article_commentingOpen_publishedAt_id_idx" ON "Article"("commentingOpen", "publishedAt", "id");
CREATE INDEX "Article_headline_idx" ON "Article" USING GIN ("headline" gin_trgm_ops);

CREATE INDEX "Reader_standing_id_idx" ON "Reader"("standing", "id");
CREATE INDEX "Reader_displayName_idx" ON "Reader" USING GIN ("displayName" gin_trgm_ops);

-- The counts of the queue are read from its index alone.
CREATE INDEX "Comment_pending_idx" ON "Comment"("submittedAt", "id", "articleId", "language")
    WHERE "status" = 'PENDING';
CREATE INDEX "Comment_articleId_first_idx" ON "Comment"("articleId", "position")
    WHERE "parentId" IS NULL AND "position" IS NOT NULL;
CREATE INDEX "Comment_readerId_status_submittedAt_id_idx" ON "Comment"("readerId", "status", "submittedAt", "id");
CREATE INDEX "Comment_readerId_articleId_submittedAt_id_idx"
    ON "Comment"("readerId", "articleId", "submittedAt", "id");

CREATE INDEX "Decision_at_id_idx" ON "Decision"("at", "id");
CREATE INDEX "Decision_moderator_at_id_idx" ON "Decision"("moderator", "at", "id");
CREATE INDEX "Decision_articleId_at_id_idx" ON "Decision"("articleId", "at", "id");
