-- Reads all comments while others read and write them. An old body has 2,000 code points, so 8,000 bytes, at most.
ALTER TABLE "Comment" VALIDATE CONSTRAINT "Comment_body_length";
ALTER TABLE "Comment" VALIDATE CONSTRAINT "Comment_authorName_length";
