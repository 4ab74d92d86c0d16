-- Until now "told" was said when a removal was handed to be sent. What was pushed arrived when it was acknowledged.
UPDATE "Delivery"
SET "toldAt" = CASE WHEN "via" IN ('WEBHOOK', 'WEBSUB') THEN "acknowledgedAt" ELSE "firstAt" END
WHERE "toldAt" IS NULL AND ("via" NOT IN ('WEBHOOK', 'WEBSUB') OR "acknowledgedAt" IS NOT NULL);
