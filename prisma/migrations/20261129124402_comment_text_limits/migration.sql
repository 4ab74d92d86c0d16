-- The length in characters is counted as readers do, which SQL can't; the bound here is in bytes.
-- NOT VALID reads no rows under the exclusive lock; the next migration validates.
ALTER TABLE "Comment"
    DROP CONSTRAINT "Comment_body_length",
    ADD CONSTRAINT "Comment_body_length" CHECK (octet_length("body") BETWEEN 1 AND 16000) NOT VALID,
    ADD CONSTRAINT "Comment_authorName_length" CHECK (octet_length("authorName") BETWEEN 1 AND 1000) NOT VALID;

DROP TRIGGER "Comment_words_stay" ON "Comment";
CREATE TRIGGER "Comment_words_stay" BEFORE UPDATE ON "Comment" FOR EACH ROW
    WHEN (ROW(NEW."id", NEW."articleId", NEW."readerId", NEW."parentId", NEW."authorName",
              NEW."body", NEW."bodyKey", NEW."language", NEW."submittedAt")
        IS DISTINCT FROM
          ROW(OLD."id", OLD."articleId", OLD."readerId", OLD."parentId", OLD."authorName",
              OLD."body", OLD."bodyKey", OLD."language", OLD."submittedAt"))
    EXECUTE FUNCTION "Comment_words_stay"();
