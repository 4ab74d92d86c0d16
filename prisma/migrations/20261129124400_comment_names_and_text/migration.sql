-- The name shown with a comment is the one that it was approved with. Comments from before have their author's.
-- The default is for gateways of an older version that still run while this one starts.
ALTER TABLE "Comment" ADD COLUMN "authorName" TEXT NOT NULL DEFAULT 'Reader';
UPDATE "Comment" c SET "authorName" = r."displayName" FROM "Reader" r
    WHERE r."id" = c."readerId" AND r."displayName" NOT IN ('', 'Reader');

-- The length in characters is counted as readers do, which SQL can't; the bound here is in bytes.
ALTER TABLE "Comment"
    DROP CONSTRAINT "Comment_body_length",
    ADD CONSTRAINT "Comment_body_length" CHECK (octet_length("body") BETWEEN 1 AND 16000),
    ADD CONSTRAINT "Comment_authorName_length" CHECK (octet_length("authorName") BETWEEN 1 AND 1000);

DROP TRIGGER "Comment_words_stay" ON "Comment";
CREATE TRIGGER "Comment_words_stay" BEFORE UPDATE ON "Comment" FOR EACH ROW
    WHEN (ROW(NEW."id", NEW."articleId", NEW."readerId", NEW."parentId", NEW."authorName",
              NEW."body", NEW."bodyKey", NEW."language", NEW."submittedAt")
        IS DISTINCT FROM
          ROW(OLD."id", OLD."articleId", OLD."readerId", OLD."parentId", OLD."authorName",
              OLD."body", OLD."bodyKey", OLD."language", OLD."submittedAt"))
    EXECUTE FUNCTION "Comment_words_stay"();
