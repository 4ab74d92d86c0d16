-- DropForeignKey
ALTER TABLE "ArticleChange" DROP CONSTRAINT "ArticleChange_articleId_fkey";

-- AlterTable
ALTER TABLE "ArticleChange" ADD COLUMN     "licenceBefore" INTEGER,
ALTER COLUMN "articleId" DROP NOT NULL;

-- AlterTable
ALTER TABLE "Delivery" ADD COLUMN     "failedAt" TIMESTAMPTZ(3),
ADD COLUMN     "failure" TEXT,
ADD COLUMN     "failures" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "toldAt" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "Holding" ADD COLUMN     "removalAttemptedAt" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "WebhookEndpoint" ADD COLUMN     "positionWithin" UUID,
ADD COLUMN     "removalsPosition" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "removalsWithin" UUID;

-- CreateTable
CREATE TABLE "RemovalConfirmation" (
    "id" UUID NOT NULL,
    "partnerId" UUID NOT NULL,
    "articleId" UUID NOT NULL,
    "editor" TEXT NOT NULL,
    "editorName" TEXT,
    "note" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "RemovalConfirmation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Withdrawal" (
    "articleId" UUID NOT NULL,
    "reason" TEXT,
    "advisory" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Withdrawal_pkey" PRIMARY KEY ("articleId")
);

-- CreateIndex
CREATE INDEX "RemovalConfirmation_articleId_partnerId_idx" ON "RemovalConfirmation"("articleId", "partnerId");

-- AddForeignKey
ALTER TABLE "ArticleChange" ADD CONSTRAINT "ArticleChange_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RemovalConfirmation" ADD CONSTRAINT "RemovalConfirmation_partnerId_fkey" FOREIGN KEY ("partnerId") REFERENCES "Partner"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RemovalConfirmation" ADD CONSTRAINT "RemovalConfirmation_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Withdrawal" ADD CONSTRAINT "Withdrawal_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What the models cannot say

ALTER TABLE "ArticleChange"
    ADD CONSTRAINT "ArticleChange_of_story_or_licence" CHECK (
        ("articleId" IS NULL) = ("licenceBefore" IS NOT NULL) AND ("articleId" IS NOT NULL OR "partnerId" IS NOT NULL));

-- "Told" is what arrived, and an attempt comes before it. So is "removed", whoever said so: an editor to whom a
-- partner confirmed it by phone writes all three.
ALTER TABLE "Holding"
    DROP CONSTRAINT "Holding_removed_after_told",
    ADD CONSTRAINT "Holding_told_is_attempted" CHECK ("removalToldAt" IS NULL OR "removalAttemptedAt" IS NOT NULL) NOT VALID,
    ADD CONSTRAINT "Holding_removed_is_told" CHECK ("removedAt" IS NULL OR "removalToldAt" IS NOT NULL);

ALTER TABLE "Delivery"
    ADD CONSTRAINT "Delivery_failures_not_negative" CHECK ("failures" >= 0),
    ADD CONSTRAINT "Delivery_failure_has_reason" CHECK (("failedAt" IS NULL) = ("failure" IS NULL));

ALTER TABLE "RemovalConfirmation"
    ADD CONSTRAINT "RemovalConfirmation_has_note" CHECK (length(trim("note")) > 0);

CREATE TRIGGER "RemovalConfirmation_append_only" BEFORE UPDATE OR DELETE ON "RemovalConfirmation" FOR EACH ROW
    EXECUTE FUNCTION "refuse_change_of_record"();

-- Until now "told" was said when a removal was handed to be sent. What was pushed arrived when it was acknowledged.

UPDATE "Delivery" SET "toldAt" = CASE WHEN "via" IN ('WEBHOOK', 'WEBSUB') THEN "acknowledgedAt" ELSE "firstAt" END;

UPDATE "Holding" SET "removalAttemptedAt" = "removalToldAt" WHERE "removalToldAt" IS NOT NULL;

UPDATE "Holding" h SET "removalToldAt" = NULL
WHERE "removalToldAt" IS NOT NULL AND "removedAt" IS NULL AND NOT EXISTS (
    SELECT FROM "Delivery" d WHERE d."partnerId" = h."partnerId" AND d."articleId" = h."articleId"
        AND d."kind" = 'REMOVAL' AND d."toldAt" IS NOT NULL);

ALTER TABLE "Holding" VALIDATE CONSTRAINT "Holding_told_is_attempted";

DROP TRIGGER "Delivery_stays" ON "Delivery";

CREATE TRIGGER "Delivery_stays" BEFORE UPDATE ON "Delivery" FOR EACH ROW
    WHEN ((OLD."partnerId", OLD."articleId", OLD."version", OLD."kind", OLD."via", OLD."firstAt")
        IS DISTINCT FROM (NEW."partnerId", NEW."articleId", NEW."version", NEW."kind", NEW."via", NEW."firstAt")
        OR NEW."times" < OLD."times" OR NEW."failures" < OLD."failures"
        OR (OLD."toldAt" IS NOT NULL AND NEW."toldAt" IS NULL)
        OR (OLD."acknowledgedAt" IS NOT NULL AND NEW."acknowledgedAt" IS NULL))
    EXECUTE FUNCTION "Delivery_stays"();

UPDATE "WebhookEndpoint" SET "removalsPosition" = "position";
