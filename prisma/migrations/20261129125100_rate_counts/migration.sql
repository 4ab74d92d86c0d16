-- CreateTable
CREATE TABLE "RateCount" (
    "key" TEXT NOT NULL,
    "start" TIMESTAMPTZ(0) NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "RateCount_pkey" PRIMARY KEY ("key","start")
);

-- CreateIndex
CREATE INDEX "RateCount_start_idx" ON "RateCount"("start");

-- What the models cannot say

-- Counts that a crash may lose need no write-ahead log.
ALTER TABLE "RateCount" SET UNLOGGED;
