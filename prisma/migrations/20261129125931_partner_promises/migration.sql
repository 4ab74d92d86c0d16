-- Reads and changes no rows, so that its exclusive locks are short: the three migrations after it do.

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
ALTER TABLE "RemovalConfirmation" ADD CONSTRAINT "RemovalConfirmation_partnerId_fkey" FOREIGN KEY ("partnerId") REFERENCES "Partner"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RemovalConfirmation" ADD CONSTRAINT "RemovalConfirmation_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Withdrawal" ADD CONSTRAINT "Withdrawal_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What the models cannot say

ALTER TABLE "ArticleChange"
    ADD CONSTRAINT "ArticleChange_of_story_or_licence" CHECK (
        ("articleId" IS NULL) = ("licenceBefore" IS NOT NULL) AND ("articleId" IS NOT NULL OR "partnerId" IS NOT NULL)) NOT VALID;

-- "Told" is what arrived, and an attempt comes before it. So is "removed", whoever said so: an editor to whom a
-- partner confirmed it by phone writes all three.
ALTER TABLE "Holding" RENAME CONSTRAINT "Holding_removed_after_told" TO "Holding_removed_is_told";
ALTER TABLE "Holding"
    ADD CONSTRAINT "Holding_told_is_attempted" CHECK ("removalToldAt" IS NULL OR "removalAttemptedAt" IS NOT NULL) NOT VALID;

-- Gateways of the version before know no attempts. The next release drops this trigger and its function.
CREATE FUNCTION "Holding_attempt_of_told"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW."removalAttemptedAt" := coalesce(NEW."removalAttemptedAt", NEW."removalToldAt");
    RETURN NEW;
END $$;

CREATE TRIGGER "Holding_attempt_of_told" BEFORE INSERT OR UPDATE ON "Holding" FOR EACH ROW
    WHEN (NEW."removalToldAt" IS NOT NULL AND NEW."removalAttemptedAt" IS NULL)
    EXECUTE FUNCTION "Holding_attempt_of_told"();

ALTER TABLE "Delivery"
    ADD CONSTRAINT "Delivery_failures_not_negative" CHECK ("failures" >= 0) NOT VALID,
    ADD CONSTRAINT "Delivery_failure_has_reason" CHECK (("failedAt" IS NULL) = ("failure" IS NULL)) NOT VALID;

ALTER TABLE "RemovalConfirmation"
    ADD CONSTRAINT "RemovalConfirmation_has_note" CHECK (length(trim("note")) > 0);

CREATE TRIGGER "RemovalConfirmation_append_only" BEFORE UPDATE OR DELETE ON "RemovalConfirmation" FOR EACH ROW
    EXECUTE FUNCTION "refuse_change_of_record"();

DROP TRIGGER "Delivery_stays" ON "Delivery";

CREATE TRIGGER "Delivery_stays" BEFORE UPDATE ON "Delivery" FOR EACH ROW
    WHEN ((OLD."partnerId", OLD."articleId", OLD."version", OLD."kind", OLD."via", OLD."firstAt")
        IS DISTINCT FROM (NEW."partnerId", NEW."articleId", NEW."version", NEW."kind", NEW."via", NEW."firstAt")
        OR NEW."times" < OLD."times" OR NEW."failures" < OLD."failures"
        OR (OLD."toldAt" IS NOT NULL AND NEW."toldAt" IS NULL)
        OR (OLD."acknowledgedAt" IS NOT NULL AND NEW."acknowledgedAt" IS NULL))
    EXECUTE FUNCTION "Delivery_stays"();
