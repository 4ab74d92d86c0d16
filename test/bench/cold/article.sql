SELECT json_build_object(
  'id', a.id, 'slug', a.slug, 'headline', a.headline, 'standfirst', a.standfirst, 'language', a.language,
  'publishedAt', a."publishedAt", 'updatedAt', a."updatedAt", 'commentCount', a."commentCount",
  'dateline', json_build_object('text', a."datelineText"),
  'topic', (SELECT json_build_object('slug', t.slug, 'name', t.label) FROM "Topic" t WHERE t.id = a."topicId"),
  'leadImage', (
    SELECT json_build_object('url', i.url, 'alt', u.alt, 'caption', u.caption, 'credit', u.credit)
    FROM "ImageUse" u JOIN "Image" i ON i.id = u."imageId" WHERE u.id = a."leadImageId"),
  'body', (
    SELECT json_agg(json_build_object('kind', b.kind, 'position', b.position, 'text', b.text, 'level', b.level)
      ORDER BY b.position)
    FROM "Block" b WHERE b."articleId" = a.id),
  'people', (
    SELECT json_agg(json_build_object('roleAsPrinted', x."rolesAsPrinted"[1],
      'person', json_build_object('id', e.id, 'name', e.name)) ORDER BY x.position)
    FROM "ArticleEntity" x JOIN "Entity" e ON e.id = x."entityId"
    WHERE x."articleId" = a.id AND x.kind = 'PERSON' AND x."namedIn" = 'ARTICLE'),
  'organisations', (
    SELECT json_agg(json_build_object('organisation', json_build_object('id', e.id, 'name', e.name))
      ORDER BY x.position)
    FROM "ArticleEntity" x JOIN "Entity" e ON e.id = x."entityId"
    WHERE x."articleId" = a.id AND x.kind = 'ORGANISATION' AND x."namedIn" = 'ARTICLE'),
  'comments', (
    SELECT json_build_object(
      'edges', json_agg(json_build_object('node', json_build_object('id', c.id, 'body', c.body,
        'author', json_build_object('displayName', c."authorName"),
        'submittedAt', c."submittedAt", 'approvedAt', c."approvedAt")) ORDER BY c.position DESC)
        FILTER (WHERE c.n <= 20),
      'pageInfo', json_build_object('hasNextPage', count(*) > 20,
        'endCursor', encode(min(c.position) FILTER (WHERE c.n <= 20)::text::bytea, 'base64')))
    FROM (
      SELECT *, row_number() OVER (ORDER BY position DESC) AS n FROM "Comment"
      WHERE "articleId" = a.id AND status = 'APPROVED' ORDER BY position DESC LIMIT 21) c)
) AS page
FROM "Article" a
WHERE a.slug = $1 AND a.status = 'USABLE' AND a."publishedAt" <= now()
  AND (a."embargoedUntil" IS NULL OR a."embargoedUntil" <= now())
