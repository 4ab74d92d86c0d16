-- Reads all comments while others read and write them.
ALTER TABLE "Comment" VALIDATE CONSTRAINT "Comment_bodyDigest_length";
