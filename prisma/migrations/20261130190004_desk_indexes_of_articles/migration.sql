-- Reads all rows while others read them. The lists of the moderators' desk are read in the order of an index.
LOCK TABLE "Article" IN SHARE MODE;
CREATE INDEX "Article_status_publishedAt_id_idx" ON "Article"("status", "publishedAt", "id");
CREATE INDEX "Article_commentingOpen_publishedAt_id_idx" ON "Article"("commentingOpen", "publishedAt", "id");
CREATE INDEX "Article_headline_idx" ON "Article" USING GIN ("headline" gin_trgm_ops);
