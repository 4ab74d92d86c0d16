LOCK TABLE "Article", "ArticleEntity" IN ACCESS EXCLUSIVE MODE;

-- The publication time of the article, beside each person and organisation that it names: an index finds the newest.
ALTER TABLE "ArticleEntity" ADD COLUMN "publishedAt" TIMESTAMPTZ(3);

-- The database sets it, so that it is right whoever writes: gateways of the version before do not know it.

CREATE FUNCTION "ArticleEntity_publishedAt_of_article"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The foreign key refuses an article that does not exist.
    NEW."publishedAt" := coalesce((SELECT "publishedAt" FROM "Article" WHERE "id" = NEW."articleId"), now());
    RETURN NEW;
END $$;

CREATE TRIGGER "ArticleEntity_publishedAt_of_article" BEFORE INSERT OR UPDATE ON "ArticleEntity" FOR EACH ROW
    EXECUTE FUNCTION "ArticleEntity_publishedAt_of_article"();

CREATE FUNCTION "Article_publishedAt_to_entities"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE "ArticleEntity" SET "publishedAt" = NEW."publishedAt" WHERE "articleId" = NEW."id";
    RETURN NULL;
END $$;

CREATE TRIGGER "Article_publishedAt_to_entities" AFTER UPDATE ON "Article" FOR EACH ROW
    WHEN (NEW."publishedAt" <> OLD."publishedAt")
    EXECUTE FUNCTION "Article_publishedAt_to_entities"();
