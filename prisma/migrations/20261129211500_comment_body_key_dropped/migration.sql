-- Gateways of version 0.2.0 are stopped before this version migrates, because names of enum values changed as well, so
-- that nothing writes "bodyKey" any more. Dropping a column reads no rows.
DROP TRIGGER "Comment_digest_of_key" ON "Comment";
DROP FUNCTION "Comment_digest_of_key"();
ALTER TABLE "Comment" DROP COLUMN "bodyKey";
