-- The name shown with a comment is the one that it was approved with.
-- The default is for gateways of an older version that still run while this one starts.
ALTER TABLE "Comment" ADD COLUMN "authorName" TEXT NOT NULL DEFAULT 'Reader';
