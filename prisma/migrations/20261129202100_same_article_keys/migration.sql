-- Unique keys that foreign keys may reference. Writes to a table wait while its index is built.

-- CreateIndex
CREATE UNIQUE INDEX "Block_id_articleId_key" ON "Block"("id", "articleId");

-- CreateIndex
CREATE UNIQUE INDEX "Comment_id_articleId_key" ON "Comment"("id", "articleId");

-- CreateIndex
CREATE UNIQUE INDEX "Quotation_blockId_articleId_key" ON "Quotation"("blockId", "articleId");
