-- How far changes were sent to the purge hook of the CDN: see src/cdn/README.md.

CREATE TABLE "PurgeState" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "holder" UUID,
    "heldUntil" TIMESTAMPTZ(3),
    "history" UUID,
    "position" INTEGER NOT NULL DEFAULT 0,
    "confirmedAt" TIMESTAMPTZ(3),

    CONSTRAINT "PurgeState_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "PurgeState_one_row" CHECK ("id" = 1)
);

INSERT INTO "PurgeState" DEFAULT VALUES;
