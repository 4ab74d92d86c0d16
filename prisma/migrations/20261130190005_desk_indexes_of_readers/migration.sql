-- Reads all rows while others read them. The lists of the moderators' desk are read in the order of an index.
LOCK TABLE "Reader" IN SHARE MODE;
CREATE INDEX "Reader_standing_id_idx" ON "Reader"("standing", "id");
CREATE INDEX "Reader_displayName_idx" ON "Reader" USING GIN ("displayName" gin_trgm_ops);
