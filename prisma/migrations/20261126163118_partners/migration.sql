-- CreateEnum
CREATE TYPE "ChangeKind" AS ENUM ('PUBLISHED', 'UPDATED', 'CORRECTED', 'EMBARGOED', 'WITHHELD', 'CANCELED', 'RIGHTS_CHANGED', 'COMMENTING_CHANGED');

-- CreateEnum
CREATE TYPE "KeyKind" AS ENUM ('FULL', 'FEED');

-- CreateEnum
CREATE TYPE "UsageUnit" AS ENUM ('MINUTE', 'DAY');

-- CreateEnum
CREATE TYPE "DeliveryKind" AS ENUM ('STORY', 'REMOVAL');

-- CreateEnum
CREATE TYPE "DeliveryWay" AS ENUM ('GRAPHQL', 'SUBSCRIPTION', 'REST', 'FEED', 'WEBHOOK', 'WEBSUB');

-- AlterTable
ALTER TABLE "Article" ADD COLUMN     "dueAt" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "Image" ADD COLUMN     "partners" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "Revision" ADD COLUMN     "editor" TEXT;

-- CreateTable
CREATE TABLE "ArticleChange" (
    "position" INTEGER NOT NULL,
    "articleId" UUID NOT NULL,
    "kind" "ChangeKind" NOT NULL,
    "version" INTEGER NOT NULL,
    "partnerId" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ArticleChange_pkey" PRIMARY KEY ("position")
);

-- CreateTable
CREATE TABLE "ChangeHead" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "position" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "ChangeHead_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Partner" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "suspendedAt" TIMESTAMPTZ(3),
    "quotaPerMinute" INTEGER NOT NULL DEFAULT 60,
    "quotaPerDay" INTEGER NOT NULL DEFAULT 10000,

    CONSTRAINT "Partner_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Licence" (
    "partnerId" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "topics" TEXT[],
    "sections" TEXT[],
    "languages" TEXT[],
    "agencies" TEXT[],
    "fullText" BOOLEAN NOT NULL,
    "quotations" BOOLEAN NOT NULL,
    "embeds" BOOLEAN NOT NULL,
    "validFrom" TIMESTAMPTZ(3),
    "validUntil" TIMESTAMPTZ(3),
    "keepDays" INTEGER,
    "attribution" TEXT NOT NULL,
    "dueAt" TIMESTAMPTZ(3),

    CONSTRAINT "Licence_pkey" PRIMARY KEY ("partnerId")
);

-- CreateTable
CREATE TABLE "LicenceChange" (
    "partnerId" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "terms" JSONB NOT NULL,
    "admin" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "LicenceChange_pkey" PRIMARY KEY ("partnerId","version")
);

-- CreateTable
CREATE TABLE "PartnerKey" (
    "id" UUID NOT NULL,
    "partnerId" UUID NOT NULL,
    "kind" "KeyKind" NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3),
    "lastUsedAt" TIMESTAMPTZ(3),

    CONSTRAINT "PartnerKey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PartnerUsage" (
    "partnerId" UUID NOT NULL,
    "unit" "UsageUnit" NOT NULL,
    "start" TIMESTAMPTZ(0) NOT NULL,
    "requests" INTEGER NOT NULL,

    CONSTRAINT "PartnerUsage_pkey" PRIMARY KEY ("partnerId","unit","start")
);

-- CreateTable
CREATE TABLE "Holding" (
    "partnerId" UUID NOT NULL,
    "articleId" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "lapsesAt" TIMESTAMPTZ(3),
    "removalToldAt" TIMESTAMPTZ(3),
    "removedAt" TIMESTAMPTZ(3),
    "confirmed" INTEGER,
    "confirmedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Holding_pkey" PRIMARY KEY ("partnerId","articleId")
);

-- CreateTable
CREATE TABLE "Delivery" (
    "id" UUID NOT NULL,
    "partnerId" UUID NOT NULL,
    "articleId" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "kind" "DeliveryKind" NOT NULL,
    "via" "DeliveryWay" NOT NULL,
    "firstAt" TIMESTAMPTZ(3) NOT NULL,
    "lastAt" TIMESTAMPTZ(3) NOT NULL,
    "times" INTEGER NOT NULL DEFAULT 1,
    "acknowledgedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "WebhookEndpoint" (
    "id" UUID NOT NULL,
    "partnerId" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "position" INTEGER NOT NULL,
    "queuedAt" TIMESTAMPTZ(6),
    "failingSince" TIMESTAMPTZ(3),
    "disabledAt" TIMESTAMPTZ(3),
    "disabledReason" TEXT,

    CONSTRAINT "WebhookEndpoint_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "WebhookSecret" (
    "id" UUID NOT NULL,
    "endpointId" UUID NOT NULL,
    "secret" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3),

    CONSTRAINT "WebhookSecret_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "WebSubSubscription" (
    "id" UUID NOT NULL,
    "topic" TEXT NOT NULL,
    "callback" TEXT NOT NULL,
    "partnerId" UUID,
    "secret" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "leaseUntil" TIMESTAMPTZ(3) NOT NULL,
    "sentDigest" TEXT,

    CONSTRAINT "WebSubSubscription_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "ArticleChange_articleId_position_idx" ON "ArticleChange"("articleId", "position");

-- CreateIndex
CREATE INDEX "ArticleChange_partnerId_position_idx" ON "ArticleChange"("partnerId", "position");

-- CreateIndex
CREATE UNIQUE INDEX "Partner_slug_key" ON "Partner"("slug");

-- CreateIndex
CREATE INDEX "Licence_dueAt_idx" ON "Licence"("dueAt");

-- CreateIndex
CREATE UNIQUE INDEX "PartnerKey_prefix_key" ON "PartnerKey"("prefix");

-- CreateIndex
CREATE INDEX "PartnerKey_partnerId_idx" ON "PartnerKey"("partnerId");

-- CreateIndex
CREATE INDEX "PartnerUsage_start_idx" ON "PartnerUsage"("start");

-- CreateIndex
CREATE INDEX "Holding_articleId_idx" ON "Holding"("articleId");

-- CreateIndex
CREATE INDEX "Holding_lapsesAt_idx" ON "Holding"("lapsesAt");

-- CreateIndex
CREATE INDEX "Delivery_articleId_firstAt_idx" ON "Delivery"("articleId", "firstAt");

-- CreateIndex
CREATE UNIQUE INDEX "Delivery_partnerId_articleId_version_kind_via_key" ON "Delivery"("partnerId", "articleId", "version", "kind", "via");

-- CreateIndex
CREATE INDEX "WebhookEndpoint_partnerId_idx" ON "WebhookEndpoint"("partnerId");

-- CreateIndex
CREATE INDEX "WebhookSecret_endpointId_idx" ON "WebhookSecret"("endpointId");

-- CreateIndex
CREATE INDEX "WebSubSubscription_leaseUntil_idx" ON "WebSubSubscription"("leaseUntil");

-- CreateIndex
CREATE UNIQUE INDEX "WebSubSubscription_topic_callback_key" ON "WebSubSubscription"("topic", "callback");

-- CreateIndex
CREATE INDEX "Article_dueAt_idx" ON "Article"("dueAt");

-- CreateIndex
CREATE INDEX "Article_leadImageId_idx" ON "Article"("leadImageId");

-- CreateIndex
CREATE INDEX "Block_imageId_idx" ON "Block"("imageId");

-- CreateIndex
CREATE INDEX "Image_url_idx" ON "Image" USING HASH ("url");

-- AddForeignKey
ALTER TABLE "ArticleChange" ADD CONSTRAINT "ArticleChange_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ArticleChange" ADD CONSTRAINT "ArticleChange_partnerId_fkey" FOREIGN KEY ("partnerId") REFERENCES "Partner"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Licence" ADD CONSTRAINT "Licence_partnerId_fkey" FOREIGN KEY ("partnerId") REFERENCES "Partner"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "LicenceChange" ADD CONSTRAINT "LicenceChange_partnerId_fkey" FOREIGN KEY ("partnerId") REFERENCES "Partner"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PartnerKey" ADD CONSTRAINT "PartnerKey_partnerId_fkey" FOREIGN KEY ("partnerId") REFERENCES "Partner"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PartnerUsage" ADD CONSTRAINT "PartnerUsage_partnerId_fkey" FOREIGN KEY ("partnerId") REFERENCES "Partner"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Holding" ADD CONSTRAINT "Holding_partnerId_fkey" FOREIGN KEY ("partnerId") REFERENCES "Partner"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Holding" ADD CONSTRAINT "Holding_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Delivery" ADD CONSTRAINT "Delivery_partnerId_fkey" FOREIGN KEY ("partnerId") REFERENCES "Partner"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Delivery" ADD CONSTRAINT "Delivery_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "WebhookEndpoint" ADD CONSTRAINT "WebhookEndpoint_partnerId_fkey" FOREIGN KEY ("partnerId") REFERENCES "Partner"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "WebhookSecret" ADD CONSTRAINT "WebhookSecret_endpointId_fkey" FOREIGN KEY ("endpointId") REFERENCES "WebhookEndpoint"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "WebSubSubscription" ADD CONSTRAINT "WebSubSubscription_partnerId_fkey" FOREIGN KEY ("partnerId") REFERENCES "Partner"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What the models cannot say

ALTER TABLE "ArticleChange"
    ADD CONSTRAINT "ArticleChange_position_from_1" CHECK ("position" >= 1),
    ADD CONSTRAINT "ArticleChange_version_from_1" CHECK ("version" >= 1),
    ADD CONSTRAINT "ArticleChange_of_one_partner_is_about_rights" CHECK ("partnerId" IS NULL OR "kind" = 'RIGHTS_CHANGED');

ALTER TABLE "ChangeHead"
    ADD CONSTRAINT "ChangeHead_one_row" CHECK ("id" = 1),
    ADD CONSTRAINT "ChangeHead_position_not_negative" CHECK ("position" >= 0);

ALTER TABLE "Partner"
    ADD CONSTRAINT "Partner_slug_form" CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    ADD CONSTRAINT "Partner_quota_positive" CHECK ("quotaPerMinute" >= 1 AND "quotaPerDay" >= 1);

ALTER TABLE "Licence"
    ADD CONSTRAINT "Licence_version_from_1" CHECK ("version" >= 1),
    ADD CONSTRAINT "Licence_keepDays_from_1" CHECK ("keepDays" >= 1),
    ADD CONSTRAINT "Licence_from_before_until" CHECK ("validFrom" < "validUntil");

ALTER TABLE "PartnerKey"
    ADD CONSTRAINT "PartnerKey_hash_form" CHECK ("hash" ~ '^[0-9a-f]{64}$');

ALTER TABLE "PartnerUsage"
    ADD CONSTRAINT "PartnerUsage_requests_positive" CHECK ("requests" >= 1);

ALTER TABLE "Holding"
    ADD CONSTRAINT "Holding_removed_after_told" CHECK ("removedAt" IS NULL OR "removalToldAt" IS NOT NULL);

ALTER TABLE "Delivery"
    ADD CONSTRAINT "Delivery_times_from_1" CHECK ("times" >= 1);

CREATE TRIGGER "LicenceChange_append_only" BEFORE UPDATE OR DELETE ON "LicenceChange" FOR EACH ROW
    EXECUTE FUNCTION "refuse_change_of_record"();

-- A line of the ledger may be used again and confirmed, but says for ever what went to whom, and when first.
CREATE FUNCTION "Delivery_stays"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is a record: what went to whom, and when first, is never changed or removed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'Delivery_stays', TABLE = 'Delivery';
END $$;

CREATE TRIGGER "Delivery_is_not_removed" BEFORE DELETE ON "Delivery" FOR EACH ROW
    EXECUTE FUNCTION "Delivery_stays"();

CREATE TRIGGER "Delivery_stays" BEFORE UPDATE ON "Delivery" FOR EACH ROW
    WHEN ((OLD."partnerId", OLD."articleId", OLD."version", OLD."kind", OLD."via", OLD."firstAt")
        IS DISTINCT FROM (NEW."partnerId", NEW."articleId", NEW."version", NEW."kind", NEW."via", NEW."firstAt")
        OR NEW."times" < OLD."times" OR (OLD."acknowledgedAt" IS NOT NULL AND NEW."acknowledgedAt" IS NULL))
    EXECUTE FUNCTION "Delivery_stays"();

-- The change sequence: over the whole newsroom 1, 2, 3, … without a hole, in the order of commits. Whoever
-- writes an entry has advanced the head past it in the same transaction, and so holds the head's row lock.

INSERT INTO "ChangeHead" DEFAULT VALUES;

CREATE TRIGGER "ArticleChange_append_only" BEFORE UPDATE OR DELETE ON "ArticleChange" FOR EACH ROW
    EXECUTE FUNCTION "refuse_change_of_record"();

CREATE FUNCTION "ArticleChange_in_order"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW."position" > (SELECT "position" FROM "ChangeHead") THEN
        RAISE EXCEPTION 'the change sequence ends at its head'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ArticleChange_up_to_head', TABLE = 'ArticleChange';
    END IF;
    IF NEW."position" > 1 AND NOT EXISTS (SELECT FROM "ArticleChange" WHERE "position" = NEW."position" - 1) THEN
        RAISE EXCEPTION 'the change sequence has no holes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ArticleChange_without_holes', TABLE = 'ArticleChange';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER "ArticleChange_in_order" BEFORE INSERT ON "ArticleChange" FOR EACH ROW
    EXECUTE FUNCTION "ArticleChange_in_order"();

CREATE FUNCTION "ChangeHead_never_back"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the change sequence never goes back'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ChangeHead_never_back', TABLE = 'ChangeHead';
END $$;

CREATE TRIGGER "ChangeHead_stays" BEFORE DELETE ON "ChangeHead" FOR EACH ROW
    EXECUTE FUNCTION "ChangeHead_never_back"();

CREATE TRIGGER "ChangeHead_never_back" BEFORE UPDATE ON "ChangeHead" FOR EACH ROW
    WHEN (NEW."position" < OLD."position") EXECUTE FUNCTION "ChangeHead_never_back"();

CREATE FUNCTION "ChangeHead_has_entry"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM "ArticleChange" WHERE "position" = NEW."position") THEN
        RAISE EXCEPTION 'no change stands at the head, %', NEW."position"
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ChangeHead_has_entry', TABLE = 'ChangeHead';
    END IF;
    RETURN NULL;
END $$;

-- Checked at commit, because the head is advanced before the entries are written.
CREATE CONSTRAINT TRIGGER "ChangeHead_has_entry" AFTER UPDATE ON "ChangeHead"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW."position" <> OLD."position")
    EXECUTE FUNCTION "ChangeHead_has_entry"();

-- Stories from before there were changes: each was published, or waits to be, in the order of publication.

UPDATE "ChangeHead" SET "position" = (SELECT count(*) FROM "Article");

INSERT INTO "ArticleChange" ("position", "articleId", "kind", "version", "at")
SELECT row_number() OVER (ORDER BY "publishedAt", "id"), "id",
    (CASE WHEN "status" <> 'USABLE' THEN "status"::text
        WHEN greatest("publishedAt", "embargoedUntil") > now() THEN 'EMBARGOED'
        ELSE 'PUBLISHED' END)::"ChangeKind",
    "version", now()
FROM "Article" ORDER BY "publishedAt", "id";

UPDATE "Article" SET "dueAt" = greatest("publishedAt", "embargoedUntil")
WHERE "status" = 'USABLE' AND greatest("publishedAt", "embargoedUntil") > now();
