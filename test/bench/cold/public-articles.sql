-- The articles that everybody may see, for servers that make their schema from the database. Removed with it.
CREATE FUNCTION public_articles() RETURNS SETOF "Article" LANGUAGE sql STABLE AS $$
  SELECT * FROM "Article"
  WHERE status = 'USABLE' AND "publishedAt" <= now()
    AND ("embargoedUntil" IS NULL OR "embargoedUntil" <= now())
  ORDER BY "publishedAt" DESC, id DESC
$$;
CREATE FUNCTION public_article(slug text) RETURNS "Article" LANGUAGE sql STABLE AS $$
  SELECT * FROM "Article" a
  WHERE a.slug = public_article.slug AND status = 'USABLE' AND "publishedAt" <= now()
    AND ("embargoedUntil" IS NULL OR "embargoedUntil" <= now())
$$;
