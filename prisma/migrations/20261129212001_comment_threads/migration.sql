-- The thread of each comment, and the number of approved comments after each feed entry.
ALTER TABLE "Comment" ADD COLUMN "threadId" UUID;
ALTER TABLE "FeedEntry" ADD COLUMN "commentCount" INTEGER;

-- The database sets both, so that they are right whoever writes: gateways of the version before do not know them.

CREATE FUNCTION "Comment_thread_of_parent"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW."threadId" := NEW."id";
    -- Comments from before this migration have no thread until the next one.
    IF NEW."parentId" IS NOT NULL THEN
        WITH RECURSIVE ancestor AS (
            SELECT "id", "parentId", "threadId" FROM "Comment" WHERE "id" = NEW."parentId"
            UNION ALL
            SELECT c."id", c."parentId", c."threadId"
            FROM ancestor a JOIN "Comment" c ON c."id" = a."parentId" WHERE a."threadId" IS NULL
        )
        -- The foreign key refuses a parent that does not exist.
        SELECT coalesce(max(coalesce("threadId", "id")::text)::uuid, NEW."id") INTO NEW."threadId" FROM ancestor
        WHERE "threadId" IS NOT NULL OR "parentId" IS NULL;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER "Comment_thread_of_parent" BEFORE INSERT ON "Comment" FOR EACH ROW
    EXECUTE FUNCTION "Comment_thread_of_parent"();

CREATE OR REPLACE FUNCTION "FeedEntry_in_order"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The count was changed before the entry is written, in the same transaction.
    SELECT "commentCount" INTO NEW."commentCount" FROM "Article"
    WHERE "id" = NEW."articleId" AND "feedPosition" = NEW."position";
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a feed entry stands at the feed position of its article'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'FeedEntry_at_feed_position', TABLE = 'FeedEntry';
    END IF;
    IF NEW."position" > 1 AND NOT EXISTS (
        SELECT FROM "FeedEntry" WHERE "articleId" = NEW."articleId" AND "position" = NEW."position" - 1
    ) THEN
        RAISE EXCEPTION 'a feed has no holes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'FeedEntry_without_holes', TABLE = 'FeedEntry';
    END IF;
    -- Entries are written in the order of their positions, so one that is already there has a lower one.
    IF NEW."kind" = 'RETRACTED' AND NOT EXISTS (
        SELECT FROM "FeedEntry" WHERE "commentId" = NEW."commentId" AND "kind" = 'APPROVED'
    ) THEN
        RAISE EXCEPTION 'only an approved comment is retracted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'FeedEntry_retracts_approved', TABLE = 'FeedEntry';
    END IF;
    RETURN NEW;
END $$;

-- Until the entries from before are filled, an update may set the count of one that has none.
DROP TRIGGER "FeedEntry_append_only" ON "FeedEntry";
CREATE TRIGGER "FeedEntry_append_only" BEFORE DELETE ON "FeedEntry" FOR EACH ROW
    EXECUTE FUNCTION "refuse_change_of_record"();
CREATE TRIGGER "FeedEntry_count_set_once" BEFORE UPDATE ON "FeedEntry" FOR EACH ROW
    WHEN (OLD."commentCount" IS NOT NULL
        OR ROW(NEW."articleId", NEW."position", NEW."kind", NEW."commentId", NEW."at")
            IS DISTINCT FROM ROW(OLD."articleId", OLD."position", OLD."kind", OLD."commentId", OLD."at"))
    EXECUTE FUNCTION "refuse_change_of_record"();
