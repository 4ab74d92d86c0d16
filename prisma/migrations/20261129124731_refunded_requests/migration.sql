-- A request that turns out not to count is taken back, and it may have been the only one.
ALTER TABLE "PartnerUsage" DROP CONSTRAINT "PartnerUsage_requests_positive";
ALTER TABLE "PartnerUsage" ADD CONSTRAINT "PartnerUsage_requests_not_negative" CHECK ("requests" >= 0);
