SELECT json_build_object(
  'edges', json_agg(json_build_object('node', json_build_object(
    'id', a.id, 'slug', a.slug, 'headline', a.headline, 'standfirst', a.standfirst, 'language', a.language,
    'publishedAt', a."publishedAt", 'updatedAt', a."updatedAt", 'commentCount', a."commentCount",
    'dateline', json_build_object('text', a."datelineText"),
    'topic', (SELECT json_build_object('slug', t.slug, 'name', t.label) FROM "Topic" t WHERE t.id = a."topicId"),
    'leadImage', (
      SELECT json_build_object('url', i.url, 'alt', u.alt, 'caption', u.caption, 'credit', u.credit)
      FROM "ImageUse" u JOIN "Image" i ON i.id = u."imageId" WHERE u.id = a."leadImageId"),
    'people', (
      SELECT json_agg(json_build_object('roleAsPrinted', x."rolesAsPrinted"[1],
        'person', json_build_object('id', e.id, 'name', e.name)) ORDER BY x.position)
      FROM "ArticleEntity" x JOIN "Entity" e ON e.id = x."entityId"
      WHERE x."articleId" = a.id AND x.kind = 'PERSON' AND x."namedIn" = 'ARTICLE'),
    'organisations', (
      SELECT json_agg(json_build_object('organisation', json_build_object('id', e.id, 'name', e.name))
        ORDER BY x.position)
      FROM "ArticleEntity" x JOIN "Entity" e ON e.id = x."entityId"
      WHERE x."articleId" = a.id AND x.kind = 'ORGANISATION' AND x."namedIn" = 'ARTICLE')
  )) ORDER BY a."publishedAt" DESC, a.id DESC) FILTER (WHERE a.n <= 20),
  'pageInfo', json_build_object('hasNextPage', count(*) > 20,
    'endCursor', encode(max(a.id::text) FILTER (WHERE a.n = 20)::bytea, 'base64'))
) AS page
FROM (
  SELECT *, row_number() OVER (ORDER BY "publishedAt" DESC, id DESC) AS n FROM "Article"
  WHERE status = 'USABLE' AND "publishedAt" <= now()
    AND ("embargoedUntil" IS NULL OR "embargoedUntil" <= now())
  ORDER BY "publishedAt" DESC, id DESC LIMIT 21) a
