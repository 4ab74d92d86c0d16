-- Space for new versions of a row in its page: each decision about a comment changes two counters, which no index
-- contains, and PostgreSQL then leaves the indexes alone. It applies to pages that are written from now on.
ALTER TABLE "Article" SET (fillfactor = 90);
