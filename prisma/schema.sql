-- The database as the migrations make it, sorted by table. Written by `npm run schema:snapshot`; do not edit.
-- `npm run check` fails when the migrations and this file differ.

CREATE EXTENSION pg_trgm;

CREATE TYPE "ArticleStatus" AS ENUM ('USABLE', 'WITHHELD', 'CANCELED');
CREATE TYPE "BlockKind" AS ENUM ('PARAGRAPH', 'HEADING', 'QUOTATION', 'IMAGE', 'EMBED');
CREATE TYPE "ChangeKind" AS ENUM ('PUBLISHED', 'UPDATED', 'CORRECTED', 'EMBARGOED', 'WITHHELD', 'CANCELED', 'RIGHTS_CHANGED', 'COMMENTING_CHANGED');
CREATE TYPE "CommentStatus" AS ENUM ('PENDING', 'APPROVED', 'REJECTED');
CREATE TYPE "CorrectionKind" AS ENUM ('CORRECTION', 'CLARIFICATION', 'UPDATE', 'RETRACTION');
CREATE TYPE "DeliveryKind" AS ENUM ('ARTICLE', 'REMOVAL');
CREATE TYPE "DeliveryWay" AS ENUM ('GRAPHQL', 'SUBSCRIPTION', 'REST', 'FEED', 'WEBHOOK', 'WEBSUB');
CREATE TYPE "EntityKind" AS ENUM ('PERSON', 'ORGANISATION');
CREATE TYPE "FeedKind" AS ENUM ('APPROVED', 'RETRACTED');
CREATE TYPE "KeyKind" AS ENUM ('FULL', 'FEED');
CREATE TYPE "NameKind" AS ENUM ('CANONICAL', 'ALIAS', 'ACRONYM', 'TRANSLITERATION');
CREATE TYPE "NamedIn" AS ENUM ('ARTICLE', 'CAPTION', 'CREDIT', 'BYLINE');
CREATE TYPE "ReaderStanding" AS ENUM ('GOOD', 'BANNED');
CREATE TYPE "ReferenceChangeKind" AS ENUM ('DETAILS', 'NAMES', 'ARTICLE');
CREATE TYPE "UsageUnit" AS ENUM ('MINUTE', 'DAY');
CREATE TYPE "Verdict" AS ENUM ('APPROVED', 'REJECTED');

CREATE TABLE "Affiliation" (
    id uuid NOT NULL,
    "personId" uuid NOT NULL,
    "organisationId" uuid NOT NULL,
    title text NOT NULL,
    "from" date,
    "to" date,
    "personKind" "EntityKind" NOT NULL DEFAULT 'PERSON'::"EntityKind",
    "organisationKind" "EntityKind" NOT NULL DEFAULT 'ORGANISATION'::"EntityKind",
    CONSTRAINT "Affiliation_pkey" PRIMARY KEY (id),
    CONSTRAINT "Affiliation_kinds" CHECK ("personKind" = 'PERSON'::"EntityKind" AND "organisationKind" = 'ORGANISATION'::"EntityKind"),
    CONSTRAINT "Affiliation_organisationId_organisationKind_fkey" FOREIGN KEY ("organisationId", "organisationKind") REFERENCES "Entity"(id, kind) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT "Affiliation_personId_personKind_fkey" FOREIGN KEY ("personId", "personKind") REFERENCES "Entity"(id, kind) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX "Affiliation_organisationId_idx" ON "Affiliation" USING btree ("organisationId");
CREATE INDEX "Affiliation_personId_idx" ON "Affiliation" USING btree ("personId");
CREATE TRIGGER "Affiliation_record_change" AFTER INSERT OR DELETE OR UPDATE ON "Affiliation" FOR EACH ROW EXECUTE FUNCTION "ReferenceChange_record"('DETAILS');

CREATE TABLE "Article" (
    id uuid NOT NULL,
    slug text NOT NULL,
    "canonicalUrl" text NOT NULL,
    language text NOT NULL,
    status "ArticleStatus" NOT NULL DEFAULT 'USABLE'::"ArticleStatus",
    kicker text,
    headline text NOT NULL,
    standfirst text,
    "datelineText" text,
    "datelinePlace" text,
    "datelineRegion" text,
    byline text,
    "topicId" uuid,
    "publishedAt" timestamp(3) with time zone NOT NULL,
    "updatedAt" timestamp(3) with time zone NOT NULL,
    "embargoedUntil" timestamp(3) with time zone,
    version integer NOT NULL DEFAULT 1,
    "leadImageId" uuid,
    "commentingOpen" boolean NOT NULL DEFAULT true,
    "commentingClosesAt" timestamp(3) with time zone,
    "commentCount" integer NOT NULL DEFAULT 0,
    "feedPosition" integer NOT NULL DEFAULT 0,
    search tsvector,
    "dueAt" timestamp(3) with time zone,
    CONSTRAINT "Article_pkey" PRIMARY KEY (id),
    CONSTRAINT "Article_commentCount_not_negative" CHECK ("commentCount" >= 0),
    CONSTRAINT "Article_feedPosition_not_negative" CHECK ("feedPosition" >= 0),
    CONSTRAINT "Article_slug_form" CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text),
    CONSTRAINT "Article_version_from_1" CHECK (version >= 1),
    CONSTRAINT "Article_leadImageId_fkey" FOREIGN KEY ("leadImageId") REFERENCES "ImageUse"(id) ON UPDATE CASCADE ON DELETE SET NULL,
    CONSTRAINT "Article_topicId_fkey" FOREIGN KEY ("topicId") REFERENCES "Topic"(id) ON UPDATE CASCADE ON DELETE RESTRICT
) WITH (fillfactor=90);
CREATE UNIQUE INDEX "Article_canonicalUrl_key" ON "Article" USING btree ("canonicalUrl");
CREATE INDEX "Article_commentingOpen_publishedAt_id_idx" ON "Article" USING btree ("commentingOpen", "publishedAt", id);
CREATE INDEX "Article_dueAt_idx" ON "Article" USING btree ("dueAt");
CREATE INDEX "Article_headline_idx" ON "Article" USING gin (headline gin_trgm_ops);
CREATE INDEX "Article_language_publishedAt_id_idx" ON "Article" USING btree (language, "publishedAt", id);
CREATE INDEX "Article_leadImageId_idx" ON "Article" USING btree ("leadImageId");
CREATE INDEX "Article_publishedAt_id_idx" ON "Article" USING btree ("publishedAt", id);
CREATE INDEX "Article_search_idx" ON "Article" USING gin (search);
CREATE UNIQUE INDEX "Article_slug_key" ON "Article" USING btree (slug);
CREATE INDEX "Article_status_publishedAt_id_idx" ON "Article" USING btree (status, "publishedAt", id);
CREATE INDEX "Article_topicId_publishedAt_id_idx" ON "Article" USING btree ("topicId", "publishedAt", id);
CREATE CONSTRAINT TRIGGER "Article_feedPosition_has_entry_on_insert" AFTER INSERT ON "Article" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new."feedPosition" > 0) EXECUTE FUNCTION "Article_feedPosition_has_entry"();
CREATE CONSTRAINT TRIGGER "Article_feedPosition_has_entry_on_update" AFTER UPDATE ON "Article" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new."feedPosition" <> old."feedPosition") EXECUTE FUNCTION "Article_feedPosition_has_entry"();
CREATE TRIGGER "Article_feedPosition_never_back" BEFORE UPDATE ON "Article" FOR EACH ROW WHEN (new."feedPosition" < old."feedPosition") EXECUTE FUNCTION "Article_feedPosition_never_back"();
CREATE TRIGGER "Article_publishedAt_to_entities" AFTER UPDATE ON "Article" FOR EACH ROW WHEN (new."publishedAt" <> old."publishedAt") EXECUTE FUNCTION "Article_publishedAt_to_entities"();
CREATE TRIGGER "Article_record_change" AFTER UPDATE ON "Article" FOR EACH ROW WHEN (old.slug IS DISTINCT FROM new.slug OR old."canonicalUrl" IS DISTINCT FROM new."canonicalUrl" OR old.language IS DISTINCT FROM new.language OR old.status IS DISTINCT FROM new.status OR old.kicker IS DISTINCT FROM new.kicker OR old.headline IS DISTINCT FROM new.headline OR old.standfirst IS DISTINCT FROM new.standfirst OR old."datelineText" IS DISTINCT FROM new."datelineText" OR old."datelinePlace" IS DISTINCT FROM new."datelinePlace" OR old."datelineRegion" IS DISTINCT FROM new."datelineRegion" OR old.byline IS DISTINCT FROM new.byline OR old."topicId" IS DISTINCT FROM new."topicId" OR old."publishedAt" IS DISTINCT FROM new."publishedAt" OR old."embargoedUntil" IS DISTINCT FROM new."embargoedUntil") EXECUTE FUNCTION "Article_record_change"();
CREATE TRIGGER "Article_record_delete" AFTER DELETE ON "Article" FOR EACH ROW EXECUTE FUNCTION "Article_record_change"();

CREATE TABLE "ArticleChange" (
    "position" integer NOT NULL,
    "articleId" uuid,
    kind "ChangeKind" NOT NULL,
    version integer NOT NULL,
    "partnerId" uuid,
    at timestamp(3) with time zone NOT NULL,
    "licenceBefore" integer,
    CONSTRAINT "ArticleChange_pkey" PRIMARY KEY ("position"),
    CONSTRAINT "ArticleChange_of_article_or_licence" CHECK (("articleId" IS NULL) = ("licenceBefore" IS NOT NULL) AND ("articleId" IS NOT NULL OR "partnerId" IS NOT NULL)),
    CONSTRAINT "ArticleChange_of_one_partner_is_about_rights" CHECK ("partnerId" IS NULL OR kind = 'RIGHTS_CHANGED'::"ChangeKind"),
    CONSTRAINT "ArticleChange_position_from_1" CHECK ("position" >= 1),
    CONSTRAINT "ArticleChange_version_from_1" CHECK (version >= 1),
    CONSTRAINT "ArticleChange_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"(id) ON UPDATE CASCADE ON DELETE RESTRICT,
    CONSTRAINT "ArticleChange_partnerId_fkey" FOREIGN KEY ("partnerId") REFERENCES "Partner"(id) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX "ArticleChange_articleId_position_idx" ON "ArticleChange" USING btree ("articleId", "position");
CREATE INDEX "ArticleChange_partnerId_position_idx" ON "ArticleChange" USING btree ("partnerId", "position");
CREATE TRIGGER "ArticleChange_append_only" BEFORE DELETE OR UPDATE ON "ArticleChange" FOR EACH ROW EXECUTE FUNCTION refuse_change_of_record();
CREATE TRIGGER "ArticleChange_in_order" BEFORE INSERT ON "ArticleChange" FOR EACH ROW EXECUTE FUNCTION "ArticleChange_in_order"();

CREATE TABLE "ArticleEntity" (
    "articleId" uuid NOT NULL,
    "entityId" uuid NOT NULL,
    "namedIn" "NamedIn" NOT NULL,
    "position" integer NOT NULL,
    "rolesAsPrinted" text[],
    kind "EntityKind" NOT NULL,
    "publishedAt" timestamp(3) with time zone NOT NULL,
    CONSTRAINT "ArticleEntity_pkey" PRIMARY KEY ("articleId", "entityId", "namedIn"),
    CONSTRAINT "ArticleEntity_position_from_1" CHECK ("position" >= 1),
    CONSTRAINT "ArticleEntity_roles_of_people" CHECK (kind = 'PERSON'::"EntityKind" OR cardinality("rolesAsPrinted") = 0),
    CONSTRAINT "ArticleEntity_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"(id) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT "ArticleEntity_entityId_kind_fkey" FOREIGN KEY ("entityId", kind) REFERENCES "Entity"(id, kind) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX "ArticleEntity_entityId_namedIn_publishedAt_articleId_idx" ON "ArticleEntity" USING btree ("entityId", "namedIn", "publishedAt", "articleId");
CREATE TRIGGER "ArticleEntity_publishedAt_of_article" BEFORE INSERT OR UPDATE ON "ArticleEntity" FOR EACH ROW EXECUTE FUNCTION "ArticleEntity_publishedAt_of_article"();

CREATE TABLE "Block" (
    id uuid NOT NULL,
    "articleId" uuid NOT NULL,
    "position" integer NOT NULL,
    kind "BlockKind" NOT NULL,
    text text,
    level integer,
    "imageId" uuid,
    CONSTRAINT "Block_pkey" PRIMARY KEY (id),
    CONSTRAINT "Block_level_of_headings" CHECK ( CASE WHEN kind = 'HEADING'::"BlockKind" THEN level IS NOT NULL AND level >= 2 AND level <= 6 ELSE level IS NULL END),
    CONSTRAINT "Block_position_from_1" CHECK ("position" >= 1),
    CONSTRAINT "Block_text_where_required" CHECK ((kind <> ALL (ARRAY['PARAGRAPH'::"BlockKind", 'HEADING'::"BlockKind", 'QUOTATION'::"BlockKind"])) OR text IS NOT NULL),
    CONSTRAINT "Block_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"(id) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT "Block_articleId_imageId_fkey" FOREIGN KEY ("articleId", "imageId") REFERENCES "ImageUse"("articleId", id)
);
CREATE UNIQUE INDEX "Block_articleId_position_key" ON "Block" USING btree ("articleId", "position");
CREATE UNIQUE INDEX "Block_id_articleId_key" ON "Block" USING btree (id, "articleId");

CREATE TABLE "ChangeHead" (
    id integer NOT NULL DEFAULT 1,
    "position" integer NOT NULL DEFAULT 0,
    CONSTRAINT "ChangeHead_pkey" PRIMARY KEY (id),
    CONSTRAINT "ChangeHead_one_row" CHECK (id = 1),
    CONSTRAINT "ChangeHead_position_not_negative" CHECK ("position" >= 0)
);
CREATE CONSTRAINT TRIGGER "ChangeHead_has_entry" AFTER UPDATE ON "ChangeHead" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new."position" <> old."position") EXECUTE FUNCTION "ChangeHead_has_entry"();
CREATE TRIGGER "ChangeHead_never_back" BEFORE UPDATE ON "ChangeHead" FOR EACH ROW WHEN (new."position" < old."position") EXECUTE FUNCTION "ChangeHead_never_back"();
CREATE TRIGGER "ChangeHead_stays" BEFORE DELETE ON "ChangeHead" FOR EACH ROW EXECUTE FUNCTION "ChangeHead_never_back"();

CREATE TABLE "Comment" (
    id uuid NOT NULL,
    "articleId" uuid NOT NULL,
    "parentId" uuid,
    "readerId" uuid NOT NULL,
    body text NOT NULL,
    language text,
    status "CommentStatus" NOT NULL DEFAULT 'PENDING'::"CommentStatus",
    "submittedAt" timestamp(3) with time zone NOT NULL,
    "approvedAt" timestamp(3) with time zone,
    "position" integer,
    "authorName" text NOT NULL DEFAULT 'Reader'::text,
    "bodyDigest" bytea NOT NULL,
    "threadId" uuid NOT NULL,
    CONSTRAINT "Comment_pkey" PRIMARY KEY (id),
    CONSTRAINT "Comment_authorName_length" CHECK (octet_length("authorName") >= 1 AND octet_length("authorName") <= 1000),
    CONSTRAINT "Comment_bodyDigest_length" CHECK ("bodyDigest" IS NOT NULL AND octet_length("bodyDigest") = 32),
    CONSTRAINT "Comment_body_length" CHECK (octet_length(body) >= 1 AND octet_length(body) <= 16000),
    CONSTRAINT "Comment_body_trimmed" CHECK (body = btrim(body, E' \u0009\u000a\u000b\u000c\u000d\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff'::text)),
    CONSTRAINT "Comment_parent_is_other" CHECK ("parentId" <> id),
    CONSTRAINT "Comment_placed_when_approved" CHECK ( CASE WHEN status = 'APPROVED'::"CommentStatus" THEN "position" IS NOT NULL AND "approvedAt" IS NOT NULL ELSE "position" IS NULL AND "approvedAt" IS NULL END),
    CONSTRAINT "Comment_position_from_1" CHECK ("position" >= 1),
    CONSTRAINT "Comment_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"(id) ON UPDATE CASCADE ON DELETE RESTRICT,
    CONSTRAINT "Comment_parentId_articleId_fkey" FOREIGN KEY ("parentId", "articleId") REFERENCES "Comment"(id, "articleId") ON UPDATE CASCADE ON DELETE RESTRICT,
    CONSTRAINT "Comment_readerId_fkey" FOREIGN KEY ("readerId") REFERENCES "Reader"(id) ON UPDATE CASCADE ON DELETE RESTRICT,
    CONSTRAINT "Comment_threadId_fkey" FOREIGN KEY ("threadId") REFERENCES "Comment"(id) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX "Comment_articleId_first_idx" ON "Comment" USING btree ("articleId", "position") WHERE "parentId" IS NULL AND "position" IS NOT NULL;
CREATE UNIQUE INDEX "Comment_articleId_position_key" ON "Comment" USING btree ("articleId", "position");
CREATE INDEX "Comment_articleId_queue_idx" ON "Comment" USING btree ("articleId", status, "submittedAt", id) WHERE "position" IS NULL;
CREATE UNIQUE INDEX "Comment_id_articleId_key" ON "Comment" USING btree (id, "articleId");
CREATE INDEX "Comment_parentId_position_idx" ON "Comment" USING btree ("parentId", "position");
CREATE INDEX "Comment_pending_idx" ON "Comment" USING btree ("submittedAt", id, "articleId", language) WHERE status = 'PENDING'::"CommentStatus";
CREATE INDEX "Comment_readerId_articleId_submittedAt_id_idx" ON "Comment" USING btree ("readerId", "articleId", "submittedAt", id);
CREATE INDEX "Comment_readerId_status_submittedAt_id_idx" ON "Comment" USING btree ("readerId", status, "submittedAt", id);
CREATE INDEX "Comment_readerId_submittedAt_id_idx" ON "Comment" USING btree ("readerId", "submittedAt", id);
CREATE INDEX "Comment_status_language_submittedAt_id_idx" ON "Comment" USING btree (status, language, "submittedAt", id);
CREATE INDEX "Comment_status_submittedAt_id_idx" ON "Comment" USING btree (status, "submittedAt", id);
CREATE INDEX "Comment_threadId_position_idx" ON "Comment" USING btree ("threadId", "position");
CREATE TRIGGER "Comment_record_submission" AFTER INSERT ON "Comment" REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION "Comment_record_submission"();
CREATE TRIGGER "Comment_status_order" BEFORE UPDATE ON "Comment" FOR EACH ROW WHEN (new.status <> old.status AND (old.status = 'REJECTED'::"CommentStatus" OR new.status = 'PENDING'::"CommentStatus")) EXECUTE FUNCTION "Comment_status_order"();
CREATE TRIGGER "Comment_thread_of_parent" BEFORE INSERT ON "Comment" FOR EACH ROW EXECUTE FUNCTION "Comment_thread_of_parent"();
CREATE TRIGGER "Comment_words_stay" BEFORE UPDATE ON "Comment" FOR EACH ROW WHEN (new.id IS DISTINCT FROM old.id OR new."articleId" IS DISTINCT FROM old."articleId" OR new."readerId" IS DISTINCT FROM old."readerId" OR new."parentId" IS DISTINCT FROM old."parentId" OR new."threadId" IS DISTINCT FROM old."threadId" OR new."authorName" IS DISTINCT FROM old."authorName" OR new.body IS DISTINCT FROM old.body OR new.language IS DISTINCT FROM old.language OR new."submittedAt" IS DISTINCT FROM old."submittedAt" OR old."bodyDigest" IS NOT NULL AND new."bodyDigest" IS DISTINCT FROM old."bodyDigest") EXECUTE FUNCTION "Comment_words_stay"();

CREATE TABLE "Correction" (
    id uuid NOT NULL,
    "articleId" uuid NOT NULL,
    kind "CorrectionKind" NOT NULL,
    text text NOT NULL,
    version integer NOT NULL,
    at timestamp(3) with time zone NOT NULL,
    CONSTRAINT "Correction_pkey" PRIMARY KEY (id),
    CONSTRAINT "Correction_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"(id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX "Correction_articleId_at_idx" ON "Correction" USING btree ("articleId", at);

CREATE TABLE "Decision" (
    id uuid NOT NULL,
    "commentId" uuid NOT NULL,
    verdict "Verdict" NOT NULL,
    moderator text NOT NULL,
    "moderatorName" text NOT NULL,
    note text,
    at timestamp(3) with time zone NOT NULL,
    "articleId" uuid NOT NULL,
    CONSTRAINT "Decision_pkey" PRIMARY KEY (id),
    CONSTRAINT "Decision_commentId_fkey" FOREIGN KEY ("commentId") REFERENCES "Comment"(id) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX "Decision_articleId_at_id_idx" ON "Decision" USING btree ("articleId", at, id);
CREATE INDEX "Decision_at_id_idx" ON "Decision" USING btree (at, id);
CREATE UNIQUE INDEX "Decision_commentId_verdict_key" ON "Decision" USING btree ("commentId", verdict);
CREATE INDEX "Decision_moderator_at_id_idx" ON "Decision" USING btree (moderator, at, id);
CREATE TRIGGER "Decision_append_only" BEFORE DELETE OR UPDATE ON "Decision" FOR EACH ROW EXECUTE FUNCTION refuse_change_of_record();
CREATE TRIGGER "Decision_articleId_of_comment" BEFORE INSERT ON "Decision" FOR EACH ROW EXECUTE FUNCTION "Decision_articleId_of_comment"();
CREATE TRIGGER "Decision_record_decision" AFTER INSERT ON "Decision" REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION "Decision_record_decision"();
CREATE CONSTRAINT TRIGGER "Decision_rejection_names_guideline" AFTER INSERT ON "Decision" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new.verdict = 'REJECTED'::"Verdict") EXECUTE FUNCTION "Decision_rejection_names_guideline"();

CREATE TABLE "DecisionGuideline" (
    "decisionId" uuid NOT NULL,
    "guidelineCode" text NOT NULL,
    CONSTRAINT "DecisionGuideline_pkey" PRIMARY KEY ("decisionId", "guidelineCode"),
    CONSTRAINT "DecisionGuideline_decisionId_fkey" FOREIGN KEY ("decisionId") REFERENCES "Decision"(id) ON UPDATE CASCADE ON DELETE RESTRICT,
    CONSTRAINT "DecisionGuideline_guidelineCode_fkey" FOREIGN KEY ("guidelineCode") REFERENCES "Guideline"(code) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX "DecisionGuideline_guidelineCode_idx" ON "DecisionGuideline" USING btree ("guidelineCode");
CREATE TRIGGER "DecisionGuideline_append_only" BEFORE DELETE OR UPDATE ON "DecisionGuideline" FOR EACH ROW EXECUTE FUNCTION refuse_change_of_record();
CREATE TRIGGER "DecisionGuideline_only_of_rejections" BEFORE INSERT ON "DecisionGuideline" FOR EACH ROW EXECUTE FUNCTION "DecisionGuideline_only_of_rejections"();

CREATE TABLE "Delivery" (
    id uuid NOT NULL,
    "partnerId" uuid NOT NULL,
    "articleId" uuid NOT NULL,
    version integer NOT NULL,
    kind "DeliveryKind" NOT NULL,
    via "DeliveryWay" NOT NULL,
    "firstAt" timestamp(3) with time zone NOT NULL,
    "lastAt" timestamp(3) with time zone NOT NULL,
    times integer NOT NULL DEFAULT 1,
    "acknowledgedAt" timestamp(3) with time zone,
    "failedAt" timestamp(3) with time zone,
    failure text,
    failures integer NOT NULL DEFAULT 0,
    "toldAt" timestamp(3) with time zone,
    CONSTRAINT "Delivery_pkey" PRIMARY KEY (id),
    CONSTRAINT "Delivery_failure_has_reason" CHECK (("failedAt" IS NULL) = (failure IS NULL)),
    CONSTRAINT "Delivery_failures_not_negative" CHECK (failures >= 0),
    CONSTRAINT "Delivery_times_from_1" CHECK (times >= 1),
    CONSTRAINT "Delivery_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"(id) ON UPDATE CASCADE ON DELETE RESTRICT,
    CONSTRAINT "Delivery_partnerId_fkey" FOREIGN KEY ("partnerId") REFERENCES "Partner"(id) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX "Delivery_articleId_firstAt_id_idx" ON "Delivery" USING btree ("articleId", "firstAt", id);
CREATE INDEX "Delivery_firstAt_id_idx" ON "Delivery" USING btree ("firstAt", id);
CREATE UNIQUE INDEX "Delivery_partnerId_articleId_version_kind_via_key" ON "Delivery" USING btree ("partnerId", "articleId", version, kind, via);
CREATE INDEX "Delivery_partnerId_firstAt_id_idx" ON "Delivery" USING btree ("partnerId", "firstAt", id);
CREATE TRIGGER "Delivery_is_not_removed" BEFORE DELETE ON "Delivery" FOR EACH ROW EXECUTE FUNCTION "Delivery_stays"();
CREATE TRIGGER "Delivery_stays" BEFORE UPDATE ON "Delivery" FOR EACH ROW WHEN (old."partnerId" IS DISTINCT FROM new."partnerId" OR old."articleId" IS DISTINCT FROM new."articleId" OR old.version IS DISTINCT FROM new.version OR old.kind IS DISTINCT FROM new.kind OR old.via IS DISTINCT FROM new.via OR old."firstAt" IS DISTINCT FROM new."firstAt" OR new.times < old.times OR new.failures < old.failures OR old."toldAt" IS NOT NULL AND new."toldAt" IS NULL OR old."acknowledgedAt" IS NOT NULL AND new."acknowledgedAt" IS NULL) EXECUTE FUNCTION "Delivery_stays"();

CREATE TABLE "Embed" (
    "blockId" uuid NOT NULL,
    provider text NOT NULL,
    url text NOT NULL,
    "authorName" text,
    handle text,
    text text,
    "postedAt" timestamp(3) with time zone,
    CONSTRAINT "Embed_pkey" PRIMARY KEY ("blockId"),
    CONSTRAINT "Embed_blockId_fkey" FOREIGN KEY ("blockId") REFERENCES "Block"(id) ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE TABLE "Entity" (
    id uuid NOT NULL,
    slug text NOT NULL,
    name text NOT NULL,
    description text,
    kind "EntityKind" NOT NULL,
    CONSTRAINT "Entity_pkey" PRIMARY KEY (id)
);
CREATE UNIQUE INDEX "Entity_id_kind_key" ON "Entity" USING btree (id, kind);
CREATE INDEX "Entity_kind_name_id_idx" ON "Entity" USING btree (kind, name, id);
CREATE UNIQUE INDEX "Entity_kind_slug_key" ON "Entity" USING btree (kind, slug);
CREATE TRIGGER "Entity_record_change" AFTER INSERT OR DELETE OR UPDATE ON "Entity" FOR EACH ROW EXECUTE FUNCTION "ReferenceChange_record"('DETAILS');
CREATE TRIGGER "Entity_record_names" AFTER DELETE OR UPDATE ON "Entity" FOR EACH ROW EXECUTE FUNCTION "ReferenceChange_record"('NAMES');

CREATE TABLE "ExternalId" (
    scheme text NOT NULL,
    value text NOT NULL,
    "entityId" uuid NOT NULL,
    CONSTRAINT "ExternalId_pkey" PRIMARY KEY (scheme, value),
    CONSTRAINT "ExternalId_entityId_fkey" FOREIGN KEY ("entityId") REFERENCES "Entity"(id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX "ExternalId_entityId_idx" ON "ExternalId" USING btree ("entityId");
CREATE TRIGGER "ExternalId_record_change" AFTER INSERT OR DELETE OR UPDATE ON "ExternalId" FOR EACH ROW EXECUTE FUNCTION "ReferenceChange_record"('DETAILS');

CREATE TABLE "FeedEntry" (
    "articleId" uuid NOT NULL,
    "position" integer NOT NULL,
    kind "FeedKind" NOT NULL,
    "commentId" uuid NOT NULL,
    at timestamp(3) with time zone NOT NULL,
    "commentCount" integer NOT NULL,
    "writtenAt" timestamp(3) with time zone DEFAULT clock_timestamp(),
    CONSTRAINT "FeedEntry_pkey" PRIMARY KEY ("articleId", "position"),
    CONSTRAINT "FeedEntry_commentCount_not_negative" CHECK ("commentCount" >= 0),
    CONSTRAINT "FeedEntry_position_from_1" CHECK ("position" >= 1),
    CONSTRAINT "FeedEntry_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"(id) ON UPDATE CASCADE ON DELETE RESTRICT,
    CONSTRAINT "FeedEntry_commentId_articleId_fkey" FOREIGN KEY ("commentId", "articleId") REFERENCES "Comment"(id, "articleId") ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE UNIQUE INDEX "FeedEntry_commentId_kind_key" ON "FeedEntry" USING btree ("commentId", kind);
CREATE INDEX "FeedEntry_writtenAt_idx" ON "FeedEntry" USING btree ("writtenAt");
CREATE TRIGGER "FeedEntry_append_only" BEFORE DELETE OR UPDATE ON "FeedEntry" FOR EACH ROW EXECUTE FUNCTION refuse_change_of_record();
CREATE TRIGGER "FeedEntry_in_order" BEFORE INSERT ON "FeedEntry" FOR EACH ROW EXECUTE FUNCTION "FeedEntry_in_order"();

CREATE TABLE "FeedEpoch" (
    id integer NOT NULL DEFAULT 1,
    epoch uuid NOT NULL DEFAULT gen_random_uuid(),
    CONSTRAINT "FeedEpoch_pkey" PRIMARY KEY (id),
    CONSTRAINT "FeedEpoch_one_row" CHECK (id = 1)
);

CREATE TABLE "Guideline" (
    code text NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    "position" integer NOT NULL,
    CONSTRAINT "Guideline_pkey" PRIMARY KEY (code),
    CONSTRAINT "Guideline_code_form" CHECK (code ~ '^[A-Z]+(_[A-Z]+)*$'::text),
    CONSTRAINT "Guideline_position_from_1" CHECK ("position" >= 1)
);
CREATE UNIQUE INDEX "Guideline_position_key" ON "Guideline" USING btree ("position");
CREATE TRIGGER "Guideline_record_change" AFTER INSERT OR DELETE OR UPDATE ON "Guideline" FOR EACH ROW EXECUTE FUNCTION "ReferenceChange_record"('DETAILS');

CREATE TABLE "Holding" (
    "partnerId" uuid NOT NULL,
    "articleId" uuid NOT NULL,
    version integer NOT NULL,
    since timestamp(3) with time zone NOT NULL,
    "lapsesAt" timestamp(3) with time zone,
    "removalToldAt" timestamp(3) with time zone,
    "removedAt" timestamp(3) with time zone,
    confirmed integer,
    "confirmedAt" timestamp(3) with time zone,
    "removalAttemptedAt" timestamp(3) with time zone,
    CONSTRAINT "Holding_pkey" PRIMARY KEY ("partnerId", "articleId"),
    CONSTRAINT "Holding_removed_is_told" CHECK ("removedAt" IS NULL OR "removalToldAt" IS NOT NULL),
    CONSTRAINT "Holding_told_is_attempted" CHECK ("removalToldAt" IS NULL OR "removalAttemptedAt" IS NOT NULL),
    CONSTRAINT "Holding_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"(id) ON UPDATE CASCADE ON DELETE RESTRICT,
    CONSTRAINT "Holding_partnerId_fkey" FOREIGN KEY ("partnerId") REFERENCES "Partner"(id) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX "Holding_articleId_idx" ON "Holding" USING btree ("articleId");
CREATE INDEX "Holding_lapsesAt_idx" ON "Holding" USING btree ("lapsesAt");

CREATE TABLE "Image" (
    id uuid NOT NULL,
    url text NOT NULL,
    syndicatable boolean NOT NULL DEFAULT false,
    partners text[] NOT NULL DEFAULT ARRAY[]::text[],
    "rightsSetByEditor" boolean NOT NULL DEFAULT false,
    CONSTRAINT "Image_pkey" PRIMARY KEY (id),
    CONSTRAINT "Image_url_key" EXCLUDE USING hash (url WITH =)
);

CREATE TABLE "ImageUse" (
    id uuid NOT NULL,
    "articleId" uuid NOT NULL,
    "imageId" uuid NOT NULL,
    alt text,
    caption text,
    photographer text,
    agency text,
    credit text,
    "usageTerms" text,
    CONSTRAINT "ImageUse_pkey" PRIMARY KEY (id),
    CONSTRAINT "ImageUse_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"(id) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT "ImageUse_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "Image"(id) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE UNIQUE INDEX "ImageUse_articleId_id_key" ON "ImageUse" USING btree ("articleId", id);
CREATE INDEX "ImageUse_imageId_idx" ON "ImageUse" USING btree ("imageId");

CREATE TABLE "Licence" (
    "partnerId" uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    topics text[],
    sections text[],
    languages text[],
    agencies text[],
    "fullText" boolean NOT NULL,
    quotations boolean NOT NULL,
    embeds boolean NOT NULL,
    "validFrom" timestamp(3) with time zone,
    "validUntil" timestamp(3) with time zone,
    "keepDays" integer,
    attribution text NOT NULL,
    "dueAt" timestamp(3) with time zone,
    CONSTRAINT "Licence_pkey" PRIMARY KEY ("partnerId"),
    CONSTRAINT "Licence_from_before_until" CHECK ("validFrom" < "validUntil"),
    CONSTRAINT "Licence_keepDays_from_1" CHECK ("keepDays" >= 1),
    CONSTRAINT "Licence_version_from_1" CHECK (version >= 1),
    CONSTRAINT "Licence_partnerId_fkey" FOREIGN KEY ("partnerId") REFERENCES "Partner"(id) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX "Licence_dueAt_idx" ON "Licence" USING btree ("dueAt");

CREATE TABLE "LicenceChange" (
    "partnerId" uuid NOT NULL,
    version integer NOT NULL,
    terms jsonb NOT NULL,
    admin text NOT NULL,
    at timestamp(3) with time zone NOT NULL,
    CONSTRAINT "LicenceChange_pkey" PRIMARY KEY ("partnerId", version),
    CONSTRAINT "LicenceChange_partnerId_fkey" FOREIGN KEY ("partnerId") REFERENCES "Partner"(id) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE TRIGGER "LicenceChange_append_only" BEFORE DELETE OR UPDATE ON "LicenceChange" FOR EACH ROW EXECUTE FUNCTION refuse_change_of_record();

CREATE TABLE "Mention" (
    id uuid NOT NULL,
    "articleId" uuid NOT NULL,
    "blockId" uuid NOT NULL,
    start integer NOT NULL,
    "end" integer NOT NULL,
    surface text NOT NULL,
    "roleAsPrinted" text,
    "entityId" uuid NOT NULL,
    CONSTRAINT "Mention_pkey" PRIMARY KEY (id),
    CONSTRAINT "Mention_start_before_end" CHECK (0 <= start AND start < "end"),
    CONSTRAINT "Mention_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"(id) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT "Mention_blockId_articleId_fkey" FOREIGN KEY ("blockId", "articleId") REFERENCES "Block"(id, "articleId") ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT "Mention_entityId_fkey" FOREIGN KEY ("entityId") REFERENCES "Entity"(id) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX "Mention_articleId_idx" ON "Mention" USING btree ("articleId");
CREATE UNIQUE INDEX "Mention_blockId_start_key" ON "Mention" USING btree ("blockId", start);
CREATE INDEX "Mention_entityId_idx" ON "Mention" USING btree ("entityId");

CREATE TABLE "Name" (
    id uuid NOT NULL,
    text text NOT NULL,
    kind "NameKind" NOT NULL,
    language text,
    script text,
    normalised text NOT NULL,
    "entityId" uuid NOT NULL,
    CONSTRAINT "Name_pkey" PRIMARY KEY (id),
    CONSTRAINT "Name_entityId_fkey" FOREIGN KEY ("entityId") REFERENCES "Entity"(id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE UNIQUE INDEX "Name_entityId_normalised_key" ON "Name" USING btree ("entityId", normalised);
CREATE INDEX "Name_normalised_exact_idx" ON "Name" USING btree (normalised);
CREATE INDEX "Name_normalised_idx" ON "Name" USING gin (normalised gin_trgm_ops);
CREATE TRIGGER "Name_record_change" AFTER INSERT OR DELETE OR UPDATE ON "Name" FOR EACH ROW EXECUTE FUNCTION "ReferenceChange_record"('DETAILS');

CREATE TABLE "Partner" (
    id uuid NOT NULL,
    slug text NOT NULL,
    name text NOT NULL,
    "createdAt" timestamp(3) with time zone NOT NULL,
    "suspendedAt" timestamp(3) with time zone,
    "quotaPerMinute" integer NOT NULL DEFAULT 60,
    "quotaPerDay" integer NOT NULL DEFAULT 20000,
    CONSTRAINT "Partner_pkey" PRIMARY KEY (id),
    CONSTRAINT "Partner_quota_positive" CHECK ("quotaPerMinute" >= 1 AND "quotaPerDay" >= 1),
    CONSTRAINT "Partner_slug_form" CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text)
);
CREATE UNIQUE INDEX "Partner_slug_key" ON "Partner" USING btree (slug);

CREATE TABLE "PartnerKey" (
    id uuid NOT NULL,
    "partnerId" uuid NOT NULL,
    kind "KeyKind" NOT NULL,
    prefix text NOT NULL,
    hash text NOT NULL,
    "createdAt" timestamp(3) with time zone NOT NULL,
    "expiresAt" timestamp(3) with time zone,
    "lastUsedAt" timestamp(3) with time zone,
    CONSTRAINT "PartnerKey_pkey" PRIMARY KEY (id),
    CONSTRAINT "PartnerKey_hash_form" CHECK (hash ~ '^[0-9a-f]{64}$'::text),
    CONSTRAINT "PartnerKey_partnerId_fkey" FOREIGN KEY ("partnerId") REFERENCES "Partner"(id) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX "PartnerKey_partnerId_idx" ON "PartnerKey" USING btree ("partnerId");
CREATE UNIQUE INDEX "PartnerKey_prefix_key" ON "PartnerKey" USING btree (prefix);

CREATE TABLE "PartnerUsage" (
    "partnerId" uuid NOT NULL,
    unit "UsageUnit" NOT NULL,
    start timestamp(0) with time zone NOT NULL,
    requests integer NOT NULL,
    CONSTRAINT "PartnerUsage_pkey" PRIMARY KEY ("partnerId", unit, start),
    CONSTRAINT "PartnerUsage_requests_not_negative" CHECK (requests >= 0),
    CONSTRAINT "PartnerUsage_partnerId_fkey" FOREIGN KEY ("partnerId") REFERENCES "Partner"(id) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX "PartnerUsage_start_idx" ON "PartnerUsage" USING btree (start);

CREATE TABLE "PurgeState" (
    id integer NOT NULL DEFAULT 1,
    holder uuid,
    "heldUntil" timestamp(3) with time zone,
    history uuid,
    "position" integer NOT NULL DEFAULT 0,
    "confirmedAt" timestamp(3) with time zone,
    CONSTRAINT "PurgeState_pkey" PRIMARY KEY (id),
    CONSTRAINT "PurgeState_one_row" CHECK (id = 1)
);

CREATE TABLE "QueueChange" (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    "commentId" uuid NOT NULL,
    "decisionId" uuid,
    "transactionId" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "writtenAt" timestamp(6) with time zone NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT "QueueChange_pkey" PRIMARY KEY (id)
);
CREATE INDEX "QueueChange_transactionId_idx" ON "QueueChange" USING btree ("transactionId");
CREATE INDEX "QueueChange_writtenAt_idx" ON "QueueChange" USING btree ("writtenAt");

CREATE TABLE "Quotation" (
    id uuid NOT NULL,
    "articleId" uuid NOT NULL,
    "blockId" uuid NOT NULL,
    "speakerId" uuid,
    "roleAsPrinted" text,
    direct boolean NOT NULL,
    via text,
    "viaOrganisationId" uuid,
    "viaOrganisationKind" "EntityKind" NOT NULL DEFAULT 'ORGANISATION'::"EntityKind",
    CONSTRAINT "Quotation_pkey" PRIMARY KEY (id),
    CONSTRAINT "Quotation_via_kind" CHECK ("viaOrganisationKind" = 'ORGANISATION'::"EntityKind"),
    CONSTRAINT "Quotation_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"(id) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT "Quotation_blockId_articleId_fkey" FOREIGN KEY ("blockId", "articleId") REFERENCES "Block"(id, "articleId") ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT "Quotation_speakerId_fkey" FOREIGN KEY ("speakerId") REFERENCES "Entity"(id) ON UPDATE CASCADE ON DELETE RESTRICT,
    CONSTRAINT "Quotation_viaOrganisationId_viaOrganisationKind_fkey" FOREIGN KEY ("viaOrganisationId", "viaOrganisationKind") REFERENCES "Entity"(id, kind) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX "Quotation_articleId_idx" ON "Quotation" USING btree ("articleId");
CREATE UNIQUE INDEX "Quotation_blockId_articleId_key" ON "Quotation" USING btree ("blockId", "articleId");
CREATE INDEX "Quotation_speakerId_id_idx" ON "Quotation" USING btree ("speakerId", id);
CREATE INDEX "Quotation_viaOrganisationId_idx" ON "Quotation" USING btree ("viaOrganisationId");

CREATE UNLOGGED TABLE "RateCount" (
    key text NOT NULL,
    start timestamp(0) with time zone NOT NULL,
    count integer NOT NULL,
    CONSTRAINT "RateCount_pkey" PRIMARY KEY (key, start)
);
CREATE INDEX "RateCount_start_idx" ON "RateCount" USING btree (start);

CREATE TABLE "Reader" (
    id uuid NOT NULL,
    subject text NOT NULL,
    "displayName" text NOT NULL,
    standing "ReaderStanding" NOT NULL DEFAULT 'GOOD'::"ReaderStanding",
    "createdAt" timestamp(3) with time zone NOT NULL,
    CONSTRAINT "Reader_pkey" PRIMARY KEY (id)
);
CREATE INDEX "Reader_displayName_idx" ON "Reader" USING gin ("displayName" gin_trgm_ops);
CREATE INDEX "Reader_standing_id_idx" ON "Reader" USING btree (standing, id);
CREATE UNIQUE INDEX "Reader_subject_key" ON "Reader" USING btree (subject);

CREATE TABLE "ReferenceChange" (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    kind "ReferenceChangeKind" NOT NULL,
    "articleId" uuid,
    "writtenAt" timestamp(3) with time zone NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT "ReferenceChange_pkey" PRIMARY KEY (id)
);
CREATE INDEX "ReferenceChange_writtenAt_idx" ON "ReferenceChange" USING btree ("writtenAt");

CREATE TABLE "RemovalConfirmation" (
    id uuid NOT NULL,
    "partnerId" uuid NOT NULL,
    "articleId" uuid NOT NULL,
    editor text NOT NULL,
    "editorName" text,
    note text NOT NULL,
    at timestamp(3) with time zone NOT NULL,
    CONSTRAINT "RemovalConfirmation_pkey" PRIMARY KEY (id),
    CONSTRAINT "RemovalConfirmation_has_note" CHECK (length(TRIM(BOTH FROM note)) > 0),
    CONSTRAINT "RemovalConfirmation_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"(id) ON UPDATE CASCADE ON DELETE RESTRICT,
    CONSTRAINT "RemovalConfirmation_partnerId_fkey" FOREIGN KEY ("partnerId") REFERENCES "Partner"(id) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX "RemovalConfirmation_articleId_partnerId_idx" ON "RemovalConfirmation" USING btree ("articleId", "partnerId");
CREATE INDEX "RemovalConfirmation_partnerId_idx" ON "RemovalConfirmation" USING btree ("partnerId");
CREATE TRIGGER "RemovalConfirmation_append_only" BEFORE DELETE OR UPDATE ON "RemovalConfirmation" FOR EACH ROW EXECUTE FUNCTION refuse_change_of_record();

CREATE TABLE "Revision" (
    "articleId" uuid NOT NULL,
    version integer NOT NULL,
    at timestamp(3) with time zone NOT NULL,
    snapshot jsonb NOT NULL,
    fingerprint text NOT NULL,
    editor text,
    CONSTRAINT "Revision_pkey" PRIMARY KEY ("articleId", version),
    CONSTRAINT "Revision_version_from_1" CHECK (version >= 1),
    CONSTRAINT "Revision_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"(id) ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE TABLE "StandingChange" (
    id uuid NOT NULL,
    "readerId" uuid NOT NULL,
    standing "ReaderStanding" NOT NULL,
    reason text NOT NULL,
    admin text NOT NULL,
    "adminName" text NOT NULL,
    at timestamp(3) with time zone NOT NULL,
    CONSTRAINT "StandingChange_pkey" PRIMARY KEY (id),
    CONSTRAINT "StandingChange_reason_not_blank" CHECK (reason ~ '\S'::text),
    CONSTRAINT "StandingChange_readerId_fkey" FOREIGN KEY ("readerId") REFERENCES "Reader"(id) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX "StandingChange_readerId_at_idx" ON "StandingChange" USING btree ("readerId", at);
CREATE TRIGGER "StandingChange_append_only" BEFORE DELETE OR UPDATE ON "StandingChange" FOR EACH ROW EXECUTE FUNCTION refuse_change_of_record();

CREATE TABLE "Topic" (
    id uuid NOT NULL,
    slug text NOT NULL,
    label text NOT NULL,
    "parentId" uuid,
    CONSTRAINT "Topic_pkey" PRIMARY KEY (id),
    CONSTRAINT "Topic_parentId_fkey" FOREIGN KEY ("parentId") REFERENCES "Topic"(id) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX "Topic_parentId_idx" ON "Topic" USING btree ("parentId");
CREATE UNIQUE INDEX "Topic_slug_key" ON "Topic" USING btree (slug);
CREATE TRIGGER "Topic_record_change" AFTER INSERT OR DELETE OR UPDATE ON "Topic" FOR EACH ROW EXECUTE FUNCTION "ReferenceChange_record"('DETAILS');
CREATE TRIGGER "Topic_record_names" AFTER DELETE OR UPDATE ON "Topic" FOR EACH ROW EXECUTE FUNCTION "ReferenceChange_record"('NAMES');

CREATE TABLE "WebSubSubscription" (
    id uuid NOT NULL,
    topic text NOT NULL,
    callback text NOT NULL,
    "partnerId" uuid,
    secret text,
    "createdAt" timestamp(3) with time zone NOT NULL,
    "leaseUntil" timestamp(3) with time zone NOT NULL,
    "sentDigest" text,
    CONSTRAINT "WebSubSubscription_pkey" PRIMARY KEY (id),
    CONSTRAINT "WebSubSubscription_partnerId_fkey" FOREIGN KEY ("partnerId") REFERENCES "Partner"(id) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX "WebSubSubscription_leaseUntil_idx" ON "WebSubSubscription" USING btree ("leaseUntil");
CREATE INDEX "WebSubSubscription_partnerId_idx" ON "WebSubSubscription" USING btree ("partnerId");
CREATE UNIQUE INDEX "WebSubSubscription_topic_callback_key" ON "WebSubSubscription" USING btree (topic, callback);

CREATE TABLE "WebhookEndpoint" (
    id uuid NOT NULL,
    "partnerId" uuid NOT NULL,
    url text NOT NULL,
    "createdAt" timestamp(3) with time zone NOT NULL,
    "position" integer NOT NULL,
    "queuedAt" timestamp(6) with time zone,
    "failingSince" timestamp(3) with time zone,
    "disabledAt" timestamp(3) with time zone,
    "disabledReason" text,
    "positionWithin" uuid,
    "removalsPosition" integer NOT NULL DEFAULT 0,
    "removalsWithin" uuid,
    CONSTRAINT "WebhookEndpoint_pkey" PRIMARY KEY (id),
    CONSTRAINT "WebhookEndpoint_partnerId_fkey" FOREIGN KEY ("partnerId") REFERENCES "Partner"(id) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX "WebhookEndpoint_partnerId_idx" ON "WebhookEndpoint" USING btree ("partnerId");

CREATE TABLE "WebhookSecret" (
    id uuid NOT NULL,
    "endpointId" uuid NOT NULL,
    secret text NOT NULL,
    "createdAt" timestamp(3) with time zone NOT NULL,
    "expiresAt" timestamp(3) with time zone,
    CONSTRAINT "WebhookSecret_pkey" PRIMARY KEY (id),
    CONSTRAINT "WebhookSecret_endpointId_fkey" FOREIGN KEY ("endpointId") REFERENCES "WebhookEndpoint"(id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX "WebhookSecret_endpointId_idx" ON "WebhookSecret" USING btree ("endpointId");

CREATE TABLE "Withdrawal" (
    "articleId" uuid NOT NULL,
    reason text,
    advisory text,
    at timestamp(3) with time zone NOT NULL,
    CONSTRAINT "Withdrawal_pkey" PRIMARY KEY ("articleId"),
    CONSTRAINT "Withdrawal_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"(id) ON UPDATE CASCADE ON DELETE RESTRICT
);

CREATE OR REPLACE FUNCTION "ArticleChange_in_order"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    IF NEW."position" > (SELECT "position" FROM "ChangeHead") THEN
        RAISE EXCEPTION 'the change sequence ends at its head'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ArticleChange_up_to_head', TABLE = 'ArticleChange';
    END IF;
    IF NEW."position" > 1 AND NOT EXISTS (SELECT FROM "ArticleChange" WHERE "position" = NEW."position" - 1) THEN
        RAISE EXCEPTION 'the change sequence has no holes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ArticleChange_without_holes', TABLE = 'ArticleChange';
    END IF;
    RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION "ArticleEntity_publishedAt_of_article"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    -- The foreign key refuses an article that does not exist.
    NEW."publishedAt" := coalesce((SELECT "publishedAt" FROM "Article" WHERE "id" = NEW."articleId"), now());
    RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION "Article_feedPosition_has_entry"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    IF NOT EXISTS (
        SELECT FROM "FeedEntry" WHERE "articleId" = NEW."id" AND "position" = NEW."feedPosition"
    ) THEN
        RAISE EXCEPTION 'no feed entry stands at feed position %', NEW."feedPosition"
            USING ERRCODE = 'check_violation', CONSTRAINT = 'Article_feedPosition_has_entry', TABLE = 'Article';
    END IF;
    RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION "Article_feedPosition_never_back"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    RAISE EXCEPTION 'a feed never goes back: % to %', OLD."feedPosition", NEW."feedPosition"
        USING ERRCODE = 'check_violation', CONSTRAINT = 'Article_feedPosition_never_back', TABLE = 'Article';
END $function$;

CREATE OR REPLACE FUNCTION "Article_publishedAt_to_entities"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    UPDATE "ArticleEntity" SET "publishedAt" = NEW."publishedAt" WHERE "articleId" = NEW."id";
    RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION "Article_record_change"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    INSERT INTO "ReferenceChange" ("kind", "articleId") VALUES ('ARTICLE', OLD."id");
    RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION "ChangeHead_has_entry"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    IF NOT EXISTS (SELECT FROM "ArticleChange" WHERE "position" = NEW."position") THEN
        RAISE EXCEPTION 'no change stands at the head, %', NEW."position"
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ChangeHead_has_entry', TABLE = 'ChangeHead';
    END IF;
    RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION "ChangeHead_never_back"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    RAISE EXCEPTION 'the change sequence never goes back'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ChangeHead_never_back', TABLE = 'ChangeHead';
END $function$;

CREATE OR REPLACE FUNCTION "Comment_record_submission"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    INSERT INTO "QueueChange" ("commentId") SELECT "id" FROM added WHERE "status" = 'PENDING' ORDER BY "submittedAt", "id";
    IF FOUND THEN
        PERFORM pg_notify('dateline_queue', '');
    END IF;
    RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION "Comment_status_order"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    RAISE EXCEPTION 'a comment cannot go from % to %', OLD."status", NEW."status"
        USING ERRCODE = 'check_violation', CONSTRAINT = 'Comment_status_order', TABLE = 'Comment';
END $function$;

CREATE OR REPLACE FUNCTION "Comment_thread_of_parent"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    NEW."threadId" := coalesce((SELECT "threadId" FROM "Comment" WHERE "id" = NEW."parentId"), NEW."id");
    RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION "Comment_words_stay"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    RAISE EXCEPTION 'a comment is never edited'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'Comment_words_stay', TABLE = 'Comment';
END $function$;

CREATE OR REPLACE FUNCTION "DecisionGuideline_only_of_rejections"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    IF EXISTS (SELECT FROM "Decision" WHERE "id" = NEW."decisionId" AND "verdict" = 'APPROVED') THEN
        RAISE EXCEPTION 'an approval names no guideline'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'DecisionGuideline_only_of_rejections',
                TABLE = 'DecisionGuideline';
    END IF;
    RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION "Decision_articleId_of_comment"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    -- The foreign key refuses a comment that does not exist.
    NEW."articleId" := coalesce((SELECT "articleId" FROM "Comment" WHERE "id" = NEW."commentId"), NEW."commentId");
    RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION "Decision_record_decision"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    INSERT INTO "QueueChange" ("commentId", "decisionId") SELECT "commentId", "id" FROM added ORDER BY "at", "id";
    IF FOUND THEN
        PERFORM pg_notify('dateline_queue', '');
    END IF;
    RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION "Decision_rejection_names_guideline"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    IF NOT EXISTS (SELECT FROM "DecisionGuideline" WHERE "decisionId" = NEW."id") THEN
        RAISE EXCEPTION 'a rejection names at least one guideline'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'Decision_rejection_names_guideline', TABLE = 'Decision';
    END IF;
    RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION "Delivery_stays"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    RAISE EXCEPTION 'the ledger is a record: what went to whom, and when first, is never changed or removed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'Delivery_stays', TABLE = 'Delivery';
END $function$;

CREATE OR REPLACE FUNCTION "FeedEntry_in_order"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE
    feed_position integer;
    comment_count integer;
    count_before integer := 0;
BEGIN
    SELECT "feedPosition", "commentCount" INTO feed_position, comment_count FROM "Article"
    WHERE "id" = NEW."articleId" AND "feedPosition" >= NEW."position";
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a feed entry stands at the feed position of its article, or before it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'FeedEntry_at_feed_position', TABLE = 'FeedEntry';
    END IF;
    IF NEW."position" > 1 THEN
        SELECT "commentCount" INTO count_before FROM "FeedEntry"
        WHERE "articleId" = NEW."articleId" AND "position" = NEW."position" - 1;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a feed has no holes'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'FeedEntry_without_holes', TABLE = 'FeedEntry';
        END IF;
    END IF;
    -- Entries are written in the order of their positions, so one that is already there has a lower one.
    IF NEW."kind" = 'RETRACTED' AND NOT EXISTS (
        SELECT FROM "FeedEntry" WHERE "commentId" = NEW."commentId" AND "kind" = 'APPROVED'
    ) THEN
        RAISE EXCEPTION 'only an approved comment is retracted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'FeedEntry_retracts_approved', TABLE = 'FeedEntry';
    END IF;
    -- The count of the article was changed before its entries are written, in the same transaction: it is the number
    -- after the last of them.
    NEW."commentCount" := CASE
        WHEN NEW."position" = feed_position THEN comment_count
        WHEN NEW."kind" = 'APPROVED' THEN count_before + 1
        ELSE count_before - 1
    END;
    RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION "Reader_lock_shared"(person text)
 RETURNS "ReaderStanding"
 LANGUAGE plpgsql
AS $function$
DECLARE
    found_standing "ReaderStanding";
BEGIN
    SELECT "standing" INTO found_standing FROM "Reader" WHERE "subject" = person FOR SHARE;
    IF NOT FOUND THEN
        PERFORM pg_advisory_xact_lock_shared(hashtextextended(person, 0));
        -- Read again with the lock held: a ban may have committed while it was waited for. Each statement of a volatile
        -- function sees what was committed before the statement.
        SELECT "standing" INTO found_standing FROM "Reader" WHERE "subject" = person FOR SHARE;
    END IF;
    RETURN found_standing;
END $function$;

CREATE OR REPLACE FUNCTION "ReferenceChange_record"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE
    setting text := 'dateline.recorded_' || lower(TG_ARGV[0]);
    this text := pg_current_xact_id()::text;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW THEN
        RETURN NULL;
    END IF;
    IF current_setting(setting, true) IS DISTINCT FROM this THEN
        INSERT INTO "ReferenceChange" ("kind") VALUES (TG_ARGV[0]::"ReferenceChangeKind");
        PERFORM set_config(setting, this, true);
    END IF;
    RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION refuse_change_of_record()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    RAISE EXCEPTION '% is a record: rows are added and never changed or removed', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
END $function$;
