-- The validated constraints prove that no column is null, so no rows are read under the exclusive lock.
ALTER TABLE "Comment" ALTER COLUMN "threadId" SET NOT NULL;
ALTER TABLE "Comment" DROP CONSTRAINT "Comment_threadId_set";
ALTER TABLE "FeedEntry" ALTER COLUMN "commentCount" SET NOT NULL;
ALTER TABLE "FeedEntry" DROP CONSTRAINT "FeedEntry_commentCount_set";

-- Every parent has a thread now. The foreign key refuses one that does not exist.
CREATE OR REPLACE FUNCTION "Comment_thread_of_parent"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW."threadId" := coalesce((SELECT "threadId" FROM "Comment" WHERE "id" = NEW."parentId"), NEW."id");
    RETURN NEW;
END $$;
