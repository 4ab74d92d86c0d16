-- Reads the tables while others read and write them.
ALTER TABLE "ArticleChange" VALIDATE CONSTRAINT "ArticleChange_of_story_or_licence";
ALTER TABLE "Holding" VALIDATE CONSTRAINT "Holding_told_is_attempted";
ALTER TABLE "Delivery" VALIDATE CONSTRAINT "Delivery_failures_not_negative";
ALTER TABLE "Delivery" VALIDATE CONSTRAINT "Delivery_failure_has_reason";
