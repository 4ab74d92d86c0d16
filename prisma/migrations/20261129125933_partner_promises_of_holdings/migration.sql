-- What was "told" until now was attempted; told it was where it arrived, or where the partner confirmed it.
UPDATE "Holding" h
SET "removalAttemptedAt" = h."removalToldAt",
    "removalToldAt" = CASE
        WHEN h."removedAt" IS NOT NULL OR EXISTS (
            SELECT FROM "Delivery" d WHERE d."partnerId" = h."partnerId" AND d."articleId" = h."articleId"
                AND d."kind" = 'REMOVAL' AND d."toldAt" IS NOT NULL)
        THEN h."removalToldAt" END
WHERE h."removalToldAt" IS NOT NULL;

UPDATE "WebhookEndpoint" SET "removalsPosition" = "position";
