-- Indexes of foreign keys that had none. Writes to a table wait while its index is built.

-- CreateIndex
CREATE INDEX "Quotation_viaOrganisationId_idx" ON "Quotation"("viaOrganisationId");

-- CreateIndex
CREATE INDEX "Topic_parentId_idx" ON "Topic"("parentId");

-- CreateIndex
CREATE INDEX "RemovalConfirmation_partnerId_idx" ON "RemovalConfirmation"("partnerId");

-- CreateIndex
CREATE INDEX "WebSubSubscription_partnerId_idx" ON "WebSubSubscription"("partnerId");
