LOCK TABLE "Decision" IN ACCESS EXCLUSIVE MODE;

-- NOT VALID reads no rows under the exclusive lock; the next migration validates.
ALTER TABLE "Decision"
    ADD CONSTRAINT "Decision_articleId_set" CHECK ("articleId" IS NOT NULL) NOT VALID;

-- Again a record that nothing changes.
DROP TRIGGER "Decision_article_set_once" ON "Decision";
DROP TRIGGER "Decision_append_only" ON "Decision";
CREATE TRIGGER "Decision_append_only" BEFORE UPDATE OR DELETE ON "Decision" FOR EACH ROW
    EXECUTE FUNCTION "refuse_change_of_record"();
