-- Alone in its transaction: it locks rows, and no table. The trigger sets the digest and empties "bodyKey".
UPDATE "Comment" SET "bodyDigest" = NULL WHERE "bodyDigest" IS NULL;
