-- People and organisations become rows of one table, and keep their ids. Each table that refers to them is
-- rewritten once. Stop the gateways of the previous version first: their tables are gone afterwards.

-- All tables at once, in the order in which gateways use them.
LOCK TABLE "Person", "Organisation", "Name", "ExternalId", "Affiliation", "Article", "Block", "Quotation", "Mention",
    "ArticlePerson", "ArticleOrganisation" IN ACCESS EXCLUSIVE MODE;

CREATE TYPE "EntityKind" AS ENUM ('PERSON', 'ORGANISATION');

-- The foreign keys, checks and indexes of the paired columns.

ALTER TABLE "Name"
    DROP CONSTRAINT "Name_of_exactly_one",
    DROP CONSTRAINT "Name_personId_fkey",
    DROP CONSTRAINT "Name_organisationId_fkey";
ALTER TABLE "ExternalId"
    DROP CONSTRAINT "ExternalId_of_exactly_one",
    DROP CONSTRAINT "ExternalId_personId_fkey",
    DROP CONSTRAINT "ExternalId_organisationId_fkey";
ALTER TABLE "Mention"
    DROP CONSTRAINT "Mention_of_exactly_one",
    DROP CONSTRAINT "Mention_personId_fkey",
    DROP CONSTRAINT "Mention_organisationId_fkey";
ALTER TABLE "Quotation"
    DROP CONSTRAINT "Quotation_one_speaker_at_most",
    DROP CONSTRAINT "Quotation_speakerPersonId_fkey",
    DROP CONSTRAINT "Quotation_speakerOrganisationId_fkey",
    DROP CONSTRAINT "Quotation_viaOrganisationId_fkey";
ALTER TABLE "Affiliation"
    DROP CONSTRAINT "Affiliation_personId_fkey",
    DROP CONSTRAINT "Affiliation_organisationId_fkey";
ALTER TABLE "ArticlePerson" DROP CONSTRAINT "ArticlePerson_personId_fkey";
ALTER TABLE "ArticleOrganisation" DROP CONSTRAINT "ArticleOrganisation_organisationId_fkey";
DROP INDEX
    "Person_slug_key", "Person_name_id_idx",
    "Name_personId_normalised_key", "Name_organisationId_normalised_key",
    "ExternalId_personId_idx", "ExternalId_organisationId_idx",
    "Mention_personId_idx", "Mention_organisationId_idx",
    "Quotation_speakerPersonId_idx", "Quotation_speakerOrganisationId_idx",
    "ArticlePerson_personId_namedIn_idx";

-- Entities. A default of a new column is not written into the stored rows.

ALTER TABLE "Person" RENAME TO "Entity";
ALTER TABLE "Entity" RENAME CONSTRAINT "Person_pkey" TO "Entity_pkey";
ALTER TABLE "Entity" ADD COLUMN "kind" "EntityKind" NOT NULL DEFAULT 'PERSON';
ALTER TABLE "Entity" ALTER COLUMN "kind" DROP DEFAULT;
INSERT INTO "Entity" ("id", "kind", "slug", "name", "description")
    SELECT "id", 'ORGANISATION', "slug", "name", "description" FROM "Organisation";
DROP TABLE "Organisation";
CREATE UNIQUE INDEX "Entity_kind_slug_key" ON "Entity"("kind", "slug");
CREATE UNIQUE INDEX "Entity_id_kind_key" ON "Entity"("id", "kind");
CREATE INDEX "Entity_kind_name_id_idx" ON "Entity"("kind", "name", "id");

-- Names, external ids, mentions and speakers: the column of people becomes the column of both kinds.

ALTER TABLE "Name" RENAME COLUMN "personId" TO "entityId";
ALTER TABLE "Name"
    ALTER COLUMN "entityId" TYPE UUID USING coalesce("entityId", "organisationId"),
    ALTER COLUMN "entityId" SET NOT NULL;
ALTER TABLE "Name" DROP COLUMN "organisationId";
CREATE UNIQUE INDEX "Name_entityId_normalised_key" ON "Name"("entityId", "normalised");
ALTER TABLE "Name" ADD CONSTRAINT "Name_entityId_fkey"
    FOREIGN KEY ("entityId") REFERENCES "Entity"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "ExternalId" RENAME COLUMN "personId" TO "entityId";
ALTER TABLE "ExternalId"
    ALTER COLUMN "entityId" TYPE UUID USING coalesce("entityId", "organisationId"),
    ALTER COLUMN "entityId" SET NOT NULL;
ALTER TABLE "ExternalId" DROP COLUMN "organisationId";
CREATE INDEX "ExternalId_entityId_idx" ON "ExternalId"("entityId");
ALTER TABLE "ExternalId" ADD CONSTRAINT "ExternalId_entityId_fkey"
    FOREIGN KEY ("entityId") REFERENCES "Entity"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "Mention" RENAME COLUMN "personId" TO "entityId";
ALTER TABLE "Mention"
    ALTER COLUMN "entityId" TYPE UUID USING coalesce("entityId", "organisationId"),
    ALTER COLUMN "entityId" SET NOT NULL;
ALTER TABLE "Mention" DROP COLUMN "organisationId";
CREATE INDEX "Mention_entityId_idx" ON "Mention"("entityId");
ALTER TABLE "Mention" ADD CONSTRAINT "Mention_entityId_fkey"
    FOREIGN KEY ("entityId") REFERENCES "Entity"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "Quotation" RENAME COLUMN "speakerPersonId" TO "speakerId";
ALTER TABLE "Quotation"
    ALTER COLUMN "speakerId" TYPE UUID USING coalesce("speakerId", "speakerOrganisationId"),
    ADD COLUMN "viaOrganisationKind" "EntityKind" NOT NULL DEFAULT 'ORGANISATION';
ALTER TABLE "Quotation" DROP COLUMN "speakerOrganisationId";
CREATE INDEX "Quotation_speakerId_idx" ON "Quotation"("speakerId");
CREATE INDEX IF NOT EXISTS "Quotation_viaOrganisationId_idx" ON "Quotation"("viaOrganisationId");
ALTER TABLE "Quotation"
    ADD CONSTRAINT "Quotation_via_kind" CHECK ("viaOrganisationKind" = 'ORGANISATION'),
    ADD CONSTRAINT "Quotation_speakerId_fkey"
        FOREIGN KEY ("speakerId") REFERENCES "Entity"("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    ADD CONSTRAINT "Quotation_viaOrganisationId_viaOrganisationKind_fkey"
        FOREIGN KEY ("viaOrganisationId", "viaOrganisationKind") REFERENCES "Entity"("id", "kind")
        ON DELETE RESTRICT ON UPDATE CASCADE;

-- Affiliations: the foreign keys include the kind that each side must have.

ALTER TABLE "Affiliation"
    ADD COLUMN "personKind" "EntityKind" NOT NULL DEFAULT 'PERSON',
    ADD COLUMN "organisationKind" "EntityKind" NOT NULL DEFAULT 'ORGANISATION';
ALTER TABLE "Affiliation"
    ADD CONSTRAINT "Affiliation_kinds" CHECK ("personKind" = 'PERSON' AND "organisationKind" = 'ORGANISATION'),
    ADD CONSTRAINT "Affiliation_personId_personKind_fkey"
        FOREIGN KEY ("personId", "personKind") REFERENCES "Entity"("id", "kind")
        ON DELETE CASCADE ON UPDATE CASCADE,
    ADD CONSTRAINT "Affiliation_organisationId_organisationKind_fkey"
        FOREIGN KEY ("organisationId", "organisationKind") REFERENCES "Entity"("id", "kind")
        ON DELETE CASCADE ON UPDATE CASCADE;

-- The people and organisations that articles name.

ALTER TABLE "ArticlePerson" RENAME TO "ArticleEntity";
ALTER TABLE "ArticleEntity" RENAME COLUMN "personId" TO "entityId";
ALTER TABLE "ArticleEntity" RENAME CONSTRAINT "ArticlePerson_pkey" TO "ArticleEntity_pkey";
ALTER TABLE "ArticleEntity" RENAME CONSTRAINT "ArticlePerson_articleId_fkey" TO "ArticleEntity_articleId_fkey";
ALTER TABLE "ArticleEntity" RENAME CONSTRAINT "ArticlePerson_position_from_1" TO "ArticleEntity_position_from_1";
ALTER TABLE "ArticleEntity" ADD COLUMN "kind" "EntityKind" NOT NULL DEFAULT 'PERSON';
ALTER TABLE "ArticleEntity" ALTER COLUMN "kind" DROP DEFAULT;
INSERT INTO "ArticleEntity" ("articleId", "entityId", "kind", "namedIn", "position", "rolesAsPrinted")
    SELECT "articleId", "organisationId", 'ORGANISATION', "namedIn", "position", '{}' FROM "ArticleOrganisation";
DROP TABLE "ArticleOrganisation";
CREATE INDEX "ArticleEntity_entityId_namedIn_idx" ON "ArticleEntity"("entityId", "namedIn");
ALTER TABLE "ArticleEntity"
    ADD CONSTRAINT "ArticleEntity_roles_of_people" CHECK ("kind" = 'PERSON' OR cardinality("rolesAsPrinted") = 0),
    ADD CONSTRAINT "ArticleEntity_entityId_kind_fkey"
        FOREIGN KEY ("entityId", "kind") REFERENCES "Entity"("id", "kind")
        ON DELETE RESTRICT ON UPDATE CASCADE;

-- Without new statistics, the first plans would be those of empty columns.
ANALYZE "Entity", "Name", "ExternalId", "Mention", "Quotation", "Affiliation", "ArticleEntity";
