-- The database calls an article an article, as the API does.
ALTER TYPE "NamedIn" RENAME VALUE 'STORY' TO 'ARTICLE';
ALTER TYPE "DeliveryKind" RENAME VALUE 'STORY' TO 'ARTICLE';
ALTER TABLE "ArticleChange"
    RENAME CONSTRAINT "ArticleChange_of_story_or_licence" TO "ArticleChange_of_article_or_licence";
