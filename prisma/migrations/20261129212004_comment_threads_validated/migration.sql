-- Reads all rows while others read them.
ALTER TABLE "Comment" VALIDATE CONSTRAINT "Comment_threadId_set";
ALTER TABLE "Comment" VALIDATE CONSTRAINT "Comment_threadId_fkey";
ALTER TABLE "FeedEntry" VALIDATE CONSTRAINT "FeedEntry_commentCount_set";
ALTER TABLE "FeedEntry" VALIDATE CONSTRAINT "FeedEntry_commentCount_not_negative";

-- The approved replies of a comment and comments of a thread, in order of approval.
CREATE INDEX "Comment_parentId_position_idx" ON "Comment"("parentId", "position");
DROP INDEX "Comment_parentId_idx";
CREATE INDEX "Comment_threadId_position_idx" ON "Comment"("threadId", "position");
