-- Reads all rows while others read them.
LOCK TABLE "Quotation", "ArticleEntity", "Comment", "Delivery" IN SHARE MODE;
ALTER TABLE "ArticleEntity" VALIDATE CONSTRAINT "ArticleEntity_publishedAt_set";

-- The newest articles that name a person or an organisation.
CREATE INDEX "ArticleEntity_entityId_namedIn_publishedAt_articleId_idx"
    ON "ArticleEntity"("entityId", "namedIn", "publishedAt", "articleId");

-- Lists are read in the order of an index, without sorting.
CREATE INDEX "Quotation_speakerId_id_idx" ON "Quotation"("speakerId", "id");
-- Without the approved comments: the planner would sort them instead of reading them by their position.
CREATE INDEX "Comment_articleId_queue_idx" ON "Comment"("articleId", "status", "submittedAt", "id")
    WHERE "position" IS NULL;
CREATE INDEX "Comment_status_language_submittedAt_id_idx" ON "Comment"("status", "language", "submittedAt", "id");
CREATE INDEX "Comment_readerId_submittedAt_id_idx" ON "Comment"("readerId", "submittedAt", "id");
CREATE INDEX "Delivery_firstAt_id_idx" ON "Delivery"("firstAt", "id");
CREATE INDEX "Delivery_articleId_firstAt_id_idx" ON "Delivery"("articleId", "firstAt", "id");
CREATE INDEX "Delivery_partnerId_firstAt_id_idx" ON "Delivery"("partnerId", "firstAt", "id");
