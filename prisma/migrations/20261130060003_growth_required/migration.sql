-- NOT VALID reads no rows under the exclusive lock; the next migration validates.
ALTER TABLE "ArticleEntity"
    ADD CONSTRAINT "ArticleEntity_publishedAt_set" CHECK ("publishedAt" IS NOT NULL) NOT VALID;
