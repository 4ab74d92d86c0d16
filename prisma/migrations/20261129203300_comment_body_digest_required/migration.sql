-- Reads no rows: the validated constraint says it.
ALTER TABLE "Comment" ALTER COLUMN "bodyDigest" SET NOT NULL;
