-- A reply, an entry of the comment feed, a mention and a quotation belong to the article of the comment or block that
-- they reference: foreign keys say it, and replace the triggers. A delete that a rule forbids is restricted.
-- NOT VALID reads no rows under the exclusive locks; the next migration validates.

-- All tables at once, in the order in which gateways use them, so that the migration and they don't deadlock.
LOCK TABLE "Partner", "Person", "Organisation", "Topic", "Article", "Block", "Quotation", "Mention", "Comment",
    "FeedEntry", "ArticleChange", "Holding", "WebSubSubscription" IN ACCESS EXCLUSIVE MODE;

-- DropIndex
DROP INDEX "Quotation_blockId_key";

ALTER TABLE "Article"
    DROP CONSTRAINT "Article_topicId_fkey",
    ADD CONSTRAINT "Article_topicId_fkey" FOREIGN KEY ("topicId") REFERENCES "Topic"("id")
        ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;

ALTER TABLE "Quotation"
    DROP CONSTRAINT "Quotation_blockId_fkey",
    ADD CONSTRAINT "Quotation_blockId_articleId_fkey" FOREIGN KEY ("blockId", "articleId") REFERENCES "Block"("id", "articleId")
        ON DELETE CASCADE ON UPDATE CASCADE NOT VALID;

ALTER TABLE "Quotation"
    DROP CONSTRAINT "Quotation_speakerPersonId_fkey",
    ADD CONSTRAINT "Quotation_speakerPersonId_fkey" FOREIGN KEY ("speakerPersonId") REFERENCES "Person"("id")
        ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;

ALTER TABLE "Quotation"
    DROP CONSTRAINT "Quotation_speakerOrganisationId_fkey",
    ADD CONSTRAINT "Quotation_speakerOrganisationId_fkey" FOREIGN KEY ("speakerOrganisationId") REFERENCES "Organisation"("id")
        ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;

ALTER TABLE "Quotation"
    DROP CONSTRAINT "Quotation_viaOrganisationId_fkey",
    ADD CONSTRAINT "Quotation_viaOrganisationId_fkey" FOREIGN KEY ("viaOrganisationId") REFERENCES "Organisation"("id")
        ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;

ALTER TABLE "Topic"
    DROP CONSTRAINT "Topic_parentId_fkey",
    ADD CONSTRAINT "Topic_parentId_fkey" FOREIGN KEY ("parentId") REFERENCES "Topic"("id")
        ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;

ALTER TABLE "ArticleChange"
    DROP CONSTRAINT "ArticleChange_partnerId_fkey",
    ADD CONSTRAINT "ArticleChange_partnerId_fkey" FOREIGN KEY ("partnerId") REFERENCES "Partner"("id")
        ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;

ALTER TABLE "Comment"
    DROP CONSTRAINT "Comment_parentId_fkey",
    ADD CONSTRAINT "Comment_parentId_articleId_fkey" FOREIGN KEY ("parentId", "articleId") REFERENCES "Comment"("id", "articleId")
        ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;

ALTER TABLE "FeedEntry"
    DROP CONSTRAINT "FeedEntry_commentId_fkey",
    ADD CONSTRAINT "FeedEntry_commentId_articleId_fkey" FOREIGN KEY ("commentId", "articleId") REFERENCES "Comment"("id", "articleId")
        ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;

ALTER TABLE "Mention"
    DROP CONSTRAINT "Mention_blockId_fkey",
    ADD CONSTRAINT "Mention_blockId_articleId_fkey" FOREIGN KEY ("blockId", "articleId") REFERENCES "Block"("id", "articleId")
        ON DELETE CASCADE ON UPDATE CASCADE NOT VALID;

ALTER TABLE "Mention"
    DROP CONSTRAINT "Mention_personId_fkey",
    ADD CONSTRAINT "Mention_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id")
        ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;

ALTER TABLE "Mention"
    DROP CONSTRAINT "Mention_organisationId_fkey",
    ADD CONSTRAINT "Mention_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "Organisation"("id")
        ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;

ALTER TABLE "WebSubSubscription"
    DROP CONSTRAINT "WebSubSubscription_partnerId_fkey",
    ADD CONSTRAINT "WebSubSubscription_partnerId_fkey" FOREIGN KEY ("partnerId") REFERENCES "Partner"("id")
        ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;

DROP TRIGGER "Comment_parent_on_same_article" ON "Comment";
DROP FUNCTION "Comment_parent_on_same_article"();
ALTER TABLE "Comment" ADD CONSTRAINT "Comment_parent_is_other" CHECK ("parentId" <> "id") NOT VALID;

-- Without the check that is a foreign key now.
CREATE OR REPLACE FUNCTION "FeedEntry_in_order"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM "Article" WHERE "id" = NEW."articleId" AND "feedPosition" = NEW."position") THEN
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

-- It was for gateways older than 0.2.0.
DROP TRIGGER "Holding_attempt_of_told" ON "Holding";
DROP FUNCTION "Holding_attempt_of_told"();
