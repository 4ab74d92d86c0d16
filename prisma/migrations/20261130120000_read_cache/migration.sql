-- What gateways poll to find changes that they have not been notified of: see src/read-cache/README.md.

-- When an entry was written, by the clock of the database. An entry of before has none.
ALTER TABLE "FeedEntry" ADD COLUMN "writtenAt" TIMESTAMPTZ(3);
ALTER TABLE "FeedEntry" ALTER COLUMN "writtenAt" SET DEFAULT clock_timestamp();
CREATE INDEX "FeedEntry_writtenAt_idx" ON "FeedEntry"("writtenAt");

CREATE TYPE "ReferenceChangeKind" AS ENUM ('DETAILS', 'NAMES', 'ARTICLE');

CREATE TABLE "ReferenceChange" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "kind" "ReferenceChangeKind" NOT NULL,
    "articleId" UUID,
    "writtenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "ReferenceChange_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "ReferenceChange_writtenAt_idx" ON "ReferenceChange"("writtenAt");

-- Records a change once for each transaction. No row is updated, so that transactions do not wait for each other.
CREATE FUNCTION "ReferenceChange_record"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    setting text := 'dateline.recorded_' || lower(TG_ARGV[0]);
    this text := pg_current_xact_id()::text;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW THEN
        RETURN NULL;
    END IF;
    IF current_setting(setting, true) IS DISTINCT FROM this THEN
        INSERT INTO "ReferenceChange" ("kind") VALUES (TG_ARGV[0]::"ReferenceChangeKind");
        PERFORM set_config(setting, this, true);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER "Entity_record_change" AFTER INSERT OR UPDATE OR DELETE ON "Entity" FOR EACH ROW
    EXECUTE FUNCTION "ReferenceChange_record"('DETAILS');
CREATE TRIGGER "Name_record_change" AFTER INSERT OR UPDATE OR DELETE ON "Name" FOR EACH ROW
    EXECUTE FUNCTION "ReferenceChange_record"('DETAILS');
CREATE TRIGGER "ExternalId_record_change" AFTER INSERT OR UPDATE OR DELETE ON "ExternalId" FOR EACH ROW
    EXECUTE FUNCTION "ReferenceChange_record"('DETAILS');
CREATE TRIGGER "Affiliation_record_change" AFTER INSERT OR UPDATE OR DELETE ON "Affiliation" FOR EACH ROW
    EXECUTE FUNCTION "ReferenceChange_record"('DETAILS');
CREATE TRIGGER "Topic_record_change" AFTER INSERT OR UPDATE OR DELETE ON "Topic" FOR EACH ROW
    EXECUTE FUNCTION "ReferenceChange_record"('DETAILS');
CREATE TRIGGER "Guideline_record_change" AFTER INSERT OR UPDATE OR DELETE ON "Guideline" FOR EACH ROW
    EXECUTE FUNCTION "ReferenceChange_record"('DETAILS');

-- The names of entities and topics are in many responses, and change only by hand.
CREATE TRIGGER "Entity_record_names" AFTER UPDATE OR DELETE ON "Entity" FOR EACH ROW
    EXECUTE FUNCTION "ReferenceChange_record"('NAMES');
CREATE TRIGGER "Topic_record_names" AFTER UPDATE OR DELETE ON "Topic" FOR EACH ROW
    EXECUTE FUNCTION "ReferenceChange_record"('NAMES');

-- The gateway records each version of an article in the change sequence. This also finds what somebody changes by hand:
-- a withheld article must not be shown from a cache. Decisions on comments do not change these columns.
CREATE FUNCTION "Article_record_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO "ReferenceChange" ("kind", "articleId") VALUES ('ARTICLE', OLD."id");
    RETURN NULL;
END $$;

CREATE TRIGGER "Article_record_delete" AFTER DELETE ON "Article" FOR EACH ROW
    EXECUTE FUNCTION "Article_record_change"();
CREATE TRIGGER "Article_record_change" AFTER UPDATE ON "Article" FOR EACH ROW
    WHEN ((
        OLD."slug", OLD."canonicalUrl", OLD."language", OLD."status", OLD."kicker", OLD."headline",
        OLD."standfirst", OLD."datelineText", OLD."datelinePlace", OLD."datelineRegion",
        OLD."byline", OLD."topicId", OLD."publishedAt", OLD."embargoedUntil"
    ) IS DISTINCT FROM (
        NEW."slug", NEW."canonicalUrl", NEW."language", NEW."status", NEW."kicker", NEW."headline",
        NEW."standfirst", NEW."datelineText", NEW."datelinePlace", NEW."datelineRegion",
        NEW."byline", NEW."topicId", NEW."publishedAt", NEW."embargoedUntil"
    ))
    EXECUTE FUNCTION "Article_record_change"();
