-- One statement writes all decisions of a moderator, and another one locks a person against a ban.

-- Before: the article's feed position was the position of each new entry, so that a transaction advanced the article
-- once for each entry. Now it may first advance the article by several positions, and then write the entries up to there,
-- as the change sequence does. At the commit the same is true as before: positions have no gaps, and the last one is the
-- feed position ("Article_feedPosition_has_entry").
CREATE OR REPLACE FUNCTION "FeedEntry_in_order"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE
    feed_position integer;
    comment_count integer;
    count_before integer := 0;
BEGIN
    SELECT "feedPosition", "commentCount" INTO feed_position, comment_count FROM "Article"
    WHERE "id" = NEW."articleId" AND "feedPosition" >= NEW."position";
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a feed entry stands at the feed position of its article, or before it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'FeedEntry_at_feed_position', TABLE = 'FeedEntry';
    END IF;
    IF NEW."position" > 1 THEN
        SELECT "commentCount" INTO count_before FROM "FeedEntry"
        WHERE "articleId" = NEW."articleId" AND "position" = NEW."position" - 1;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a feed has no holes'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'FeedEntry_without_holes', TABLE = 'FeedEntry';
        END IF;
    END IF;
    -- Entries are written in the order of their positions, so one that is already there has a lower one.
    IF NEW."kind" = 'RETRACTED' AND NOT EXISTS (
        SELECT FROM "FeedEntry" WHERE "commentId" = NEW."commentId" AND "kind" = 'APPROVED'
    ) THEN
        RAISE EXCEPTION 'only an approved comment is retracted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'FeedEntry_retracts_approved', TABLE = 'FeedEntry';
    END IF;
    -- The count of the article was changed before its entries are written, in the same transaction: it is the number
    -- after the last of them.
    NEW."commentCount" := CASE
        WHEN NEW."position" = feed_position THEN comment_count
        WHEN NEW."kind" = 'APPROVED' THEN count_before + 1
        ELSE count_before - 1
    END;
    RETURN NEW;
END $function$;

-- Locks a person against a ban until the transaction ends, and returns the status; NULL if the person has no row.
CREATE FUNCTION "Reader_lock_shared"(person text)
 RETURNS "ReaderStanding"
 LANGUAGE plpgsql
AS $function$
DECLARE
    found_standing "ReaderStanding";
BEGIN
    SELECT "standing" INTO found_standing FROM "Reader" WHERE "subject" = person FOR SHARE;
    IF NOT FOUND THEN
        PERFORM pg_advisory_xact_lock_shared(hashtextextended(person, 0));
        -- Read again with the lock held: a ban may have committed while it was waited for. Each statement of a volatile
        -- function sees what was committed before the statement.
        SELECT "standing" INTO found_standing FROM "Reader" WHERE "subject" = person FOR SHARE;
    END IF;
    RETURN found_standing;
END $function$;
