-- What gateways read to show the moderation queue live: see src/live/README.md.

CREATE TABLE "QueueChange" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "commentId" UUID NOT NULL,
    "decisionId" UUID,
    "transactionId" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "writtenAt" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "QueueChange_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "QueueChange_transactionId_idx" ON "QueueChange"("transactionId");
CREATE INDEX "QueueChange_writtenAt_idx" ON "QueueChange"("writtenAt");

-- Records the rows of one statement, and notifies gateways with the commit. No row is updated, so that transactions do
-- not wait for each other.
CREATE FUNCTION "Comment_record_submission"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO "QueueChange" ("commentId") SELECT "id" FROM added WHERE "status" = 'PENDING' ORDER BY "submittedAt", "id";
    IF FOUND THEN
        PERFORM pg_notify('dateline_queue', '');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION "Decision_record_decision"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO "QueueChange" ("commentId", "decisionId") SELECT "commentId", "id" FROM added ORDER BY "at", "id";
    IF FOUND THEN
        PERFORM pg_notify('dateline_queue', '');
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER "Comment_record_submission" AFTER INSERT ON "Comment" REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION "Comment_record_submission"();
CREATE TRIGGER "Decision_record_decision" AFTER INSERT ON "Decision" REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION "Decision_record_decision"();
