-- AlterTable
ALTER TABLE "Partner" ALTER COLUMN "quotaPerDay" SET DEFAULT 20000;
