-- Reads all rows while others read them. The lists of the moderators' desk are read in the order of an index.
LOCK TABLE "Decision" IN SHARE MODE;
ALTER TABLE "Decision" VALIDATE CONSTRAINT "Decision_articleId_set";
CREATE INDEX "Decision_at_id_idx" ON "Decision"("at", "id");
CREATE INDEX "Decision_moderator_at_id_idx" ON "Decision"("moderator", "at", "id");
CREATE INDEX "Decision_articleId_at_id_idx" ON "Decision"("articleId", "at", "id");
