LOCK TABLE "Decision" IN ACCESS EXCLUSIVE MODE;

-- The article of the comment, beside each decision: an index finds the latest decisions of an article.
ALTER TABLE "Decision" ADD COLUMN "articleId" UUID;

-- The database sets it, so that it is right whoever writes: gateways of the version before do not know it.

CREATE FUNCTION "Decision_articleId_of_comment"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The foreign key refuses a comment that does not exist.
    NEW."articleId" := coalesce((SELECT "articleId" FROM "Comment" WHERE "id" = NEW."commentId"), NEW."commentId");
    RETURN NEW;
END $$;

CREATE TRIGGER "Decision_articleId_of_comment" BEFORE INSERT ON "Decision" FOR EACH ROW
    EXECUTE FUNCTION "Decision_articleId_of_comment"();

-- Until the decisions from before are filled, an update may set the article of one that has none.
DROP TRIGGER "Decision_append_only" ON "Decision";
CREATE TRIGGER "Decision_append_only" BEFORE DELETE ON "Decision" FOR EACH ROW
    EXECUTE FUNCTION "refuse_change_of_record"();
CREATE TRIGGER "Decision_article_set_once" BEFORE UPDATE ON "Decision" FOR EACH ROW
    WHEN (OLD."articleId" IS NOT NULL
        OR ROW(NEW."id", NEW."commentId", NEW."verdict", NEW."moderator", NEW."moderatorName", NEW."note", NEW."at")
            IS DISTINCT FROM
           ROW(OLD."id", OLD."commentId", OLD."verdict", OLD."moderator", OLD."moderatorName", OLD."note", OLD."at"))
    EXECUTE FUNCTION "refuse_change_of_record"();
