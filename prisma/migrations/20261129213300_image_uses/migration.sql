-- Until now each use of an image was a row of "Image", with its own rights. Now "Image" has one row for each URL,
-- with the rights, and "ImageUse" one for each place in an article that shows it. Gateways of the version before
-- must be stopped: they write and read the old columns. Afterwards their statements about images fail.
--
-- Where uses of one URL had different rights, the strictest apply, so that no partner gets an image that it could not
-- get before: an image is syndicatable if every use was, and a partner is listed if every use allowed it. The agency,
-- the credit and the other texts stay with the use. Articles whose rights became stricter get a new version and a
-- change (RIGHTS_CHANGED).

ALTER TABLE "Article" DROP CONSTRAINT "Article_leadImageId_fkey";
ALTER TABLE "Block" DROP CONSTRAINT "Block_imageId_fkey";
DROP INDEX "Block_imageId_idx", "Image_url_idx";

ALTER TABLE "Image" RENAME TO "OldImage";
ALTER TABLE "OldImage" RENAME CONSTRAINT "Image_pkey" TO "OldImage_pkey";
UPDATE "OldImage" SET "partners" = '{}' WHERE "partners" IS NULL;

-- CreateTable
CREATE TABLE "Image" (
    "id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "syndicatable" BOOLEAN NOT NULL DEFAULT false,
    "partners" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "rightsSetByEditor" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "Image_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ImageUse" (
    "id" UUID NOT NULL,
    "articleId" UUID NOT NULL,
    "imageId" UUID NOT NULL,
    "alt" TEXT,
    "caption" TEXT,
    "photographer" TEXT,
    "agency" TEXT,
    "credit" TEXT,
    "usageTerms" TEXT,

    CONSTRAINT "ImageUse_pkey" PRIMARY KEY ("id")
);

-- Every place that shows an image. The first one keeps the id of the row; a row that several places shared (the
-- gateway never wrote one) is copied for the others.
CREATE TEMPORARY TABLE "places" ON COMMIT DROP AS
SELECT CASE WHEN "nth" = 1 THEN "oldId" ELSE gen_random_uuid() END AS "id", "nth", "oldId", "articleId", "blockId"
FROM (
    SELECT *, row_number() OVER (PARTITION BY "oldId" ORDER BY "articleId", "blockId" NULLS FIRST) AS "nth"
    FROM (
        SELECT "id" AS "articleId", NULL::uuid AS "blockId", "leadImageId" AS "oldId"
        FROM "Article" WHERE "leadImageId" IS NOT NULL
        UNION ALL
        SELECT "articleId", "id", "imageId" FROM "Block" WHERE "imageId" IS NOT NULL
    ) place
) numbered;

-- A partner may use a syndicatable image without being listed, so the lists that count are those of the other uses.
WITH address AS (
    SELECT "url", min("id"::text)::uuid AS "id", bool_and("syndicatable") AS "syndicatable"
    FROM "OldImage" GROUP BY "url"
), counted AS (
    SELECT o."id", o."url", o."partners", count(*) OVER (PARTITION BY o."url") AS "uses"
    FROM "OldImage" o JOIN address USING ("url") WHERE address."syndicatable" OR NOT o."syndicatable"
), listed AS (
    SELECT "url", "slug" FROM counted, unnest("partners") AS "slug"
    GROUP BY "url", "slug" HAVING count(DISTINCT counted."id") = max("uses")
), edited AS (
    SELECT DISTINCT o."url" FROM "places" p JOIN "OldImage" o ON o."id" = p."oldId"
    WHERE EXISTS (SELECT FROM "Revision" r WHERE r."articleId" = p."articleId" AND r."editor" IS NOT NULL)
)
INSERT INTO "Image" ("id", "url", "syndicatable", "partners", "rightsSetByEditor")
SELECT address."id", "url", address."syndicatable", coalesce(lists."partners", '{}'), edited."url" IS NOT NULL
FROM address
LEFT JOIN (SELECT "url", array_agg("slug" ORDER BY "slug" COLLATE "C") AS "partners" FROM listed GROUP BY "url") lists
    USING ("url")
LEFT JOIN edited USING ("url");

-- A B-tree cannot hold a URL of more than about 2,700 bytes; a hash index can, and an exclusion constraint makes it
-- unique. It works with ON CONFLICT DO NOTHING.
ALTER TABLE "Image" ADD CONSTRAINT "Image_url_key" EXCLUDE USING hash ("url" WITH =);

INSERT INTO "ImageUse" ("id", "articleId", "imageId", "alt", "caption", "photographer", "agency", "credit", "usageTerms")
SELECT p."id", p."articleId", i."id", o."alt", o."caption", o."photographer", o."agency", o."credit", o."usageTerms"
FROM "places" p JOIN "OldImage" o ON o."id" = p."oldId" JOIN "Image" i ON i."url" = o."url";

UPDATE "Article" a SET "leadImageId" = p."id"
FROM "places" p WHERE p."nth" > 1 AND p."blockId" IS NULL AND a."id" = p."articleId";

UPDATE "Block" b SET "imageId" = p."id"
FROM "places" p WHERE p."nth" > 1 AND b."id" = p."blockId";

-- The articles whose rights became stricter. Their newest revision is repeated: rights of imports are not part of it,
-- and those of edits are read from "Image".
CREATE TEMPORARY TABLE "stricter" ON COMMIT DROP AS
SELECT a."id", a."version" + 1 AS "version", row_number() OVER (ORDER BY a."id") AS "nth"
FROM "Article" a WHERE a."id" IN (
    SELECT p."articleId" FROM "places" p
    JOIN "OldImage" o ON o."id" = p."oldId" JOIN "Image" i ON i."url" = o."url"
    WHERE (o."syndicatable" AND NOT i."syndicatable")
        OR (NOT i."syndicatable" AND NOT o."partners" <@ i."partners")
);

INSERT INTO "Revision" ("articleId", "version", "at", "snapshot", "editor", "fingerprint")
SELECT r."articleId", s."version", now(), r."snapshot", r."editor", r."fingerprint"
FROM "stricter" s JOIN "Revision" r ON r."articleId" = s."id" AND r."version" = s."version" - 1;

UPDATE "Article" a SET "version" = s."version" FROM "stricter" s WHERE a."id" = s."id";

UPDATE "ChangeHead" SET "position" = "position" + (SELECT count(*) FROM "stricter")
WHERE EXISTS (SELECT FROM "stricter");

INSERT INTO "ArticleChange" ("position", "articleId", "kind", "version", "at")
SELECT h."position" - (SELECT count(*) FROM "stricter") + s."nth", s."id", 'RIGHTS_CHANGED', s."version", now()
FROM "stricter" s, "ChangeHead" h ORDER BY s."nth";

DROP TABLE "OldImage";

-- CreateIndex
CREATE UNIQUE INDEX "ImageUse_articleId_id_key" ON "ImageUse"("articleId", "id");

-- CreateIndex
CREATE INDEX "ImageUse_imageId_idx" ON "ImageUse"("imageId");

-- AddForeignKey
ALTER TABLE "ImageUse" ADD CONSTRAINT "ImageUse_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ImageUse" ADD CONSTRAINT "ImageUse_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "Image"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Article" ADD CONSTRAINT "Article_leadImageId_fkey" FOREIGN KEY ("leadImageId") REFERENCES "ImageUse"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- A block shows only a use of its article.

-- AddForeignKey
ALTER TABLE "Block" ADD CONSTRAINT "Block_articleId_imageId_fkey" FOREIGN KEY ("articleId", "imageId") REFERENCES "ImageUse"("articleId", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;
