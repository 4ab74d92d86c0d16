-- Comments from before have the name of their author, alone in its transaction: it locks rows, and no table.
-- Until now a name had no limit: one that is too long for the next migration's is cut (a character is 4 bytes at most).
UPDATE "Comment" c
SET "authorName" = CASE WHEN octet_length(r."displayName") > 1000 THEN left(r."displayName", 250) ELSE r."displayName" END
FROM "Reader" r
WHERE r."id" = c."readerId" AND r."displayName" NOT IN ('', 'Reader');
