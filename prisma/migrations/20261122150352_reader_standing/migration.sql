-- CreateTable
CREATE TABLE "StandingChange" (
    "id" UUID NOT NULL,
    "readerId" UUID NOT NULL,
    "standing" "ReaderStanding" NOT NULL,
    "reason" TEXT NOT NULL,
    "admin" TEXT NOT NULL,
    "adminName" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "StandingChange_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "StandingChange_readerId_at_idx" ON "StandingChange"("readerId", "at");

-- AddForeignKey
ALTER TABLE "StandingChange" ADD CONSTRAINT "StandingChange_readerId_fkey" FOREIGN KEY ("readerId") REFERENCES "Reader"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What the models cannot say

ALTER TABLE "StandingChange"
    ADD CONSTRAINT "StandingChange_reason_not_blank" CHECK ("reason" ~ '\S');

CREATE TRIGGER "StandingChange_append_only" BEFORE UPDATE OR DELETE ON "StandingChange" FOR EACH ROW
    EXECUTE FUNCTION "refuse_change_of_record"();
