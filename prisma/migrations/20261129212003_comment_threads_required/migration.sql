-- NOT VALID reads no rows under the exclusive lock; the next migration validates.
ALTER TABLE "Comment"
    ADD CONSTRAINT "Comment_threadId_set" CHECK ("threadId" IS NOT NULL) NOT VALID,
    ADD CONSTRAINT "Comment_threadId_fkey" FOREIGN KEY ("threadId") REFERENCES "Comment"("id")
        ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;

ALTER TABLE "FeedEntry"
    ADD CONSTRAINT "FeedEntry_commentCount_set" CHECK ("commentCount" IS NOT NULL) NOT VALID,
    ADD CONSTRAINT "FeedEntry_commentCount_not_negative" CHECK ("commentCount" >= 0) NOT VALID;

DROP TRIGGER "Comment_words_stay" ON "Comment";
CREATE TRIGGER "Comment_words_stay" BEFORE UPDATE ON "Comment" FOR EACH ROW
    WHEN (ROW(NEW."id", NEW."articleId", NEW."readerId", NEW."parentId", NEW."threadId", NEW."authorName",
              NEW."body", NEW."language", NEW."submittedAt")
        IS DISTINCT FROM
          ROW(OLD."id", OLD."articleId", OLD."readerId", OLD."parentId", OLD."threadId", OLD."authorName",
              OLD."body", OLD."language", OLD."submittedAt")
        OR (OLD."bodyDigest" IS NOT NULL AND NEW."bodyDigest" IS DISTINCT FROM OLD."bodyDigest"))
    EXECUTE FUNCTION "Comment_words_stay"();

DROP TRIGGER "FeedEntry_count_set_once" ON "FeedEntry";
DROP TRIGGER "FeedEntry_append_only" ON "FeedEntry";
CREATE TRIGGER "FeedEntry_append_only" BEFORE UPDATE OR DELETE ON "FeedEntry" FOR EACH ROW
    EXECUTE FUNCTION "refuse_change_of_record"();
