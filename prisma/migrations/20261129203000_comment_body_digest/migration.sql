-- A digest of the normalised body instead of a second copy of the text. "bodyKey" keeps its place for gateways of
-- version 0.2.0 that still run; the version after this one drops it, and the trigger and function "Comment_digest_of_key".
ALTER TABLE "Comment"
    ADD COLUMN "bodyDigest" BYTEA,
    ALTER COLUMN "bodyKey" SET DEFAULT '';

-- Gateways of version 0.2.0 write the normalised body only.
CREATE FUNCTION "Comment_digest_of_key"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW."bodyDigest" := sha256(convert_to(NEW."bodyKey", 'UTF8'));
    NEW."bodyKey" := '';
    RETURN NEW;
END $$;

CREATE TRIGGER "Comment_digest_of_key" BEFORE INSERT OR UPDATE ON "Comment" FOR EACH ROW
    WHEN (NEW."bodyDigest" IS NULL) EXECUTE FUNCTION "Comment_digest_of_key"();

-- NOT VALID reads no rows under the exclusive lock.
ALTER TABLE "Comment" ADD CONSTRAINT "Comment_bodyDigest_length"
    CHECK ("bodyDigest" IS NOT NULL AND octet_length("bodyDigest") = 32) NOT VALID;

-- The digest is set once. "bodyKey" is left out, so that it can be emptied.
DROP TRIGGER "Comment_words_stay" ON "Comment";
CREATE TRIGGER "Comment_words_stay" BEFORE UPDATE ON "Comment" FOR EACH ROW
    WHEN (ROW(NEW."id", NEW."articleId", NEW."readerId", NEW."parentId", NEW."authorName",
              NEW."body", NEW."language", NEW."submittedAt")
        IS DISTINCT FROM
          ROW(OLD."id", OLD."articleId", OLD."readerId", OLD."parentId", OLD."authorName",
              OLD."body", OLD."language", OLD."submittedAt")
        OR (OLD."bodyDigest" IS NOT NULL AND NEW."bodyDigest" IS DISTINCT FROM OLD."bodyDigest"))
    EXECUTE FUNCTION "Comment_words_stay"();
