-- Needed by the trigram index over names.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- CreateEnum
CREATE TYPE "ArticleStatus" AS ENUM ('USABLE', 'WITHHELD', 'CANCELED');

-- CreateEnum
CREATE TYPE "BlockKind" AS ENUM ('PARAGRAPH', 'HEADING', 'QUOTATION', 'IMAGE', 'EMBED');

-- CreateEnum
CREATE TYPE "CorrectionKind" AS ENUM ('CORRECTION', 'CLARIFICATION', 'UPDATE', 'RETRACTION');

-- CreateEnum
CREATE TYPE "ReaderStanding" AS ENUM ('GOOD', 'BANNED');

-- CreateEnum
CREATE TYPE "CommentStatus" AS ENUM ('PENDING', 'APPROVED', 'REJECTED');

-- CreateEnum
CREATE TYPE "Verdict" AS ENUM ('APPROVED', 'REJECTED');

-- CreateEnum
CREATE TYPE "NameKind" AS ENUM ('CANONICAL', 'ALIAS', 'ACRONYM', 'TRANSLITERATION');

-- CreateEnum
CREATE TYPE "NamedIn" AS ENUM ('STORY', 'CAPTION', 'CREDIT', 'BYLINE');

-- CreateEnum
CREATE TYPE "FeedKind" AS ENUM ('APPROVED', 'RETRACTED');

-- CreateTable
CREATE TABLE "Article" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "canonicalUrl" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "status" "ArticleStatus" NOT NULL DEFAULT 'USABLE',
    "kicker" TEXT,
    "headline" TEXT NOT NULL,
    "standfirst" TEXT,
    "datelineText" TEXT,
    "datelinePlace" TEXT,
    "datelineRegion" TEXT,
    "byline" TEXT,
    "topicId" UUID,
    "publishedAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "embargoedUntil" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "leadImageId" UUID,
    "commentingOpen" BOOLEAN NOT NULL DEFAULT true,
    "commentingClosesAt" TIMESTAMPTZ(3),
    "commentCount" INTEGER NOT NULL DEFAULT 0,
    "feedPosition" INTEGER NOT NULL DEFAULT 0,
    "search" tsvector,

    CONSTRAINT "Article_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Block" (
    "id" UUID NOT NULL,
    "articleId" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "kind" "BlockKind" NOT NULL,
    "text" TEXT,
    "level" INTEGER,
    "imageId" UUID,

    CONSTRAINT "Block_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Embed" (
    "blockId" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "authorName" TEXT,
    "handle" TEXT,
    "text" TEXT,
    "postedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Embed_pkey" PRIMARY KEY ("blockId")
);

-- CreateTable
CREATE TABLE "Quotation" (
    "id" UUID NOT NULL,
    "articleId" UUID NOT NULL,
    "blockId" UUID NOT NULL,
    "speakerPersonId" UUID,
    "speakerOrganisationId" UUID,
    "roleAsPrinted" TEXT,
    "direct" BOOLEAN NOT NULL,
    "via" TEXT,
    "viaOrganisationId" UUID,

    CONSTRAINT "Quotation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Topic" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "parentId" UUID,

    CONSTRAINT "Topic_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Image" (
    "id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "alt" TEXT,
    "caption" TEXT,
    "photographer" TEXT,
    "agency" TEXT,
    "credit" TEXT,
    "usageTerms" TEXT,
    "syndicatable" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "Image_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Revision" (
    "articleId" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "snapshot" JSONB NOT NULL,
    "fingerprint" TEXT NOT NULL,

    CONSTRAINT "Revision_pkey" PRIMARY KEY ("articleId","version")
);

-- CreateTable
CREATE TABLE "Correction" (
    "id" UUID NOT NULL,
    "articleId" UUID NOT NULL,
    "kind" "CorrectionKind" NOT NULL,
    "text" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Correction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Reader" (
    "id" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "displayName" TEXT NOT NULL,
    "standing" "ReaderStanding" NOT NULL DEFAULT 'GOOD',
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Reader_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Comment" (
    "id" UUID NOT NULL,
    "articleId" UUID NOT NULL,
    "parentId" UUID,
    "readerId" UUID NOT NULL,
    "body" TEXT NOT NULL,
    "bodyKey" TEXT NOT NULL,
    "language" TEXT,
    "status" "CommentStatus" NOT NULL DEFAULT 'PENDING',
    "submittedAt" TIMESTAMPTZ(3) NOT NULL,
    "approvedAt" TIMESTAMPTZ(3),
    "position" INTEGER,

    CONSTRAINT "Comment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Decision" (
    "id" UUID NOT NULL,
    "commentId" UUID NOT NULL,
    "verdict" "Verdict" NOT NULL,
    "moderator" TEXT NOT NULL,
    "moderatorName" TEXT NOT NULL,
    "note" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Decision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "DecisionGuideline" (
    "decisionId" UUID NOT NULL,
    "guidelineCode" TEXT NOT NULL,

    CONSTRAINT "DecisionGuideline_pkey" PRIMARY KEY ("decisionId","guidelineCode")
);

-- CreateTable
CREATE TABLE "Guideline" (
    "code" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "Guideline_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "Person" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,

    CONSTRAINT "Person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Organisation" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,

    CONSTRAINT "Organisation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Name" (
    "id" UUID NOT NULL,
    "text" TEXT NOT NULL,
    "kind" "NameKind" NOT NULL,
    "language" TEXT,
    "script" TEXT,
    "normalised" TEXT NOT NULL,
    "personId" UUID,
    "organisationId" UUID,

    CONSTRAINT "Name_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ExternalId" (
    "scheme" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "personId" UUID,
    "organisationId" UUID,

    CONSTRAINT "ExternalId_pkey" PRIMARY KEY ("scheme","value")
);

-- CreateTable
CREATE TABLE "Affiliation" (
    "id" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "from" DATE,
    "to" DATE,

    CONSTRAINT "Affiliation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ArticlePerson" (
    "articleId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "namedIn" "NamedIn" NOT NULL,
    "position" INTEGER NOT NULL,
    "rolesAsPrinted" TEXT[],

    CONSTRAINT "ArticlePerson_pkey" PRIMARY KEY ("articleId","personId","namedIn")
);

-- CreateTable
CREATE TABLE "ArticleOrganisation" (
    "articleId" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "namedIn" "NamedIn" NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "ArticleOrganisation_pkey" PRIMARY KEY ("articleId","organisationId","namedIn")
);

-- CreateTable
CREATE TABLE "Mention" (
    "id" UUID NOT NULL,
    "articleId" UUID NOT NULL,
    "blockId" UUID NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    "surface" TEXT NOT NULL,
    "roleAsPrinted" TEXT,
    "personId" UUID,
    "organisationId" UUID,

    CONSTRAINT "Mention_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "FeedEntry" (
    "articleId" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "kind" "FeedKind" NOT NULL,
    "commentId" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "FeedEntry_pkey" PRIMARY KEY ("articleId","position")
);

-- CreateTable
CREATE TABLE "FeedEpoch" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "epoch" UUID NOT NULL DEFAULT gen_random_uuid(),

    CONSTRAINT "FeedEpoch_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Article_slug_key" ON "Article"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "Article_canonicalUrl_key" ON "Article"("canonicalUrl");

-- CreateIndex
CREATE INDEX "Article_publishedAt_id_idx" ON "Article"("publishedAt", "id");

-- CreateIndex
CREATE INDEX "Article_topicId_publishedAt_id_idx" ON "Article"("topicId", "publishedAt", "id");

-- CreateIndex
CREATE INDEX "Article_language_publishedAt_id_idx" ON "Article"("language", "publishedAt", "id");

-- CreateIndex
CREATE INDEX "Article_search_idx" ON "Article" USING GIN ("search" tsvector_ops);

-- CreateIndex
CREATE UNIQUE INDEX "Block_articleId_position_key" ON "Block"("articleId", "position");

-- CreateIndex
CREATE UNIQUE INDEX "Quotation_blockId_key" ON "Quotation"("blockId");

-- CreateIndex
CREATE INDEX "Quotation_articleId_idx" ON "Quotation"("articleId");

-- CreateIndex
CREATE INDEX "Quotation_speakerPersonId_idx" ON "Quotation"("speakerPersonId");

-- CreateIndex
CREATE INDEX "Quotation_speakerOrganisationId_idx" ON "Quotation"("speakerOrganisationId");

-- CreateIndex
CREATE UNIQUE INDEX "Topic_slug_key" ON "Topic"("slug");

-- CreateIndex
CREATE INDEX "Correction_articleId_at_idx" ON "Correction"("articleId", "at");

-- CreateIndex
CREATE UNIQUE INDEX "Reader_subject_key" ON "Reader"("subject");

-- CreateIndex
CREATE INDEX "Comment_status_submittedAt_id_idx" ON "Comment"("status", "submittedAt", "id");

-- CreateIndex
CREATE INDEX "Comment_readerId_submittedAt_idx" ON "Comment"("readerId", "submittedAt");

-- CreateIndex
CREATE INDEX "Comment_parentId_idx" ON "Comment"("parentId");

-- CreateIndex
CREATE UNIQUE INDEX "Comment_articleId_position_key" ON "Comment"("articleId", "position");

-- CreateIndex
CREATE UNIQUE INDEX "Decision_commentId_verdict_key" ON "Decision"("commentId", "verdict");

-- CreateIndex
CREATE INDEX "DecisionGuideline_guidelineCode_idx" ON "DecisionGuideline"("guidelineCode");

-- CreateIndex
CREATE UNIQUE INDEX "Guideline_position_key" ON "Guideline"("position");

-- CreateIndex
CREATE UNIQUE INDEX "Person_slug_key" ON "Person"("slug");

-- CreateIndex
CREATE INDEX "Person_name_id_idx" ON "Person"("name", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Organisation_slug_key" ON "Organisation"("slug");

-- CreateIndex
CREATE INDEX "Organisation_name_id_idx" ON "Organisation"("name", "id");

-- CreateIndex
CREATE INDEX "Name_normalised_idx" ON "Name" USING GIN ("normalised" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "Name_normalised_exact_idx" ON "Name"("normalised");

-- CreateIndex
CREATE UNIQUE INDEX "Name_personId_normalised_key" ON "Name"("personId", "normalised");

-- CreateIndex
CREATE UNIQUE INDEX "Name_organisationId_normalised_key" ON "Name"("organisationId", "normalised");

-- CreateIndex
CREATE INDEX "ExternalId_personId_idx" ON "ExternalId"("personId");

-- CreateIndex
CREATE INDEX "ExternalId_organisationId_idx" ON "ExternalId"("organisationId");

-- CreateIndex
CREATE INDEX "Affiliation_personId_idx" ON "Affiliation"("personId");

-- CreateIndex
CREATE INDEX "Affiliation_organisationId_idx" ON "Affiliation"("organisationId");

-- CreateIndex
CREATE INDEX "ArticlePerson_personId_namedIn_idx" ON "ArticlePerson"("personId", "namedIn");

-- CreateIndex
CREATE INDEX "ArticleOrganisation_organisationId_namedIn_idx" ON "ArticleOrganisation"("organisationId", "namedIn");

-- CreateIndex
CREATE INDEX "Mention_articleId_idx" ON "Mention"("articleId");

-- CreateIndex
CREATE INDEX "Mention_personId_idx" ON "Mention"("personId");

-- CreateIndex
CREATE INDEX "Mention_organisationId_idx" ON "Mention"("organisationId");

-- CreateIndex
CREATE UNIQUE INDEX "Mention_blockId_start_key" ON "Mention"("blockId", "start");

-- CreateIndex
CREATE UNIQUE INDEX "FeedEntry_commentId_kind_key" ON "FeedEntry"("commentId", "kind");

-- AddForeignKey
ALTER TABLE "Article" ADD CONSTRAINT "Article_topicId_fkey" FOREIGN KEY ("topicId") REFERENCES "Topic"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Article" ADD CONSTRAINT "Article_leadImageId_fkey" FOREIGN KEY ("leadImageId") REFERENCES "Image"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Block" ADD CONSTRAINT "Block_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Block" ADD CONSTRAINT "Block_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "Image"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Embed" ADD CONSTRAINT "Embed_blockId_fkey" FOREIGN KEY ("blockId") REFERENCES "Block"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Quotation" ADD CONSTRAINT "Quotation_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Quotation" ADD CONSTRAINT "Quotation_blockId_fkey" FOREIGN KEY ("blockId") REFERENCES "Block"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Quotation" ADD CONSTRAINT "Quotation_speakerPersonId_fkey" FOREIGN KEY ("speakerPersonId") REFERENCES "Person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Quotation" ADD CONSTRAINT "Quotation_speakerOrganisationId_fkey" FOREIGN KEY ("speakerOrganisationId") REFERENCES "Organisation"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Quotation" ADD CONSTRAINT "Quotation_viaOrganisationId_fkey" FOREIGN KEY ("viaOrganisationId") REFERENCES "Organisation"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Topic" ADD CONSTRAINT "Topic_parentId_fkey" FOREIGN KEY ("parentId") REFERENCES "Topic"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Revision" ADD CONSTRAINT "Revision_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Correction" ADD CONSTRAINT "Correction_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Comment" ADD CONSTRAINT "Comment_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Comment" ADD CONSTRAINT "Comment_parentId_fkey" FOREIGN KEY ("parentId") REFERENCES "Comment"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Comment" ADD CONSTRAINT "Comment_readerId_fkey" FOREIGN KEY ("readerId") REFERENCES "Reader"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Decision" ADD CONSTRAINT "Decision_commentId_fkey" FOREIGN KEY ("commentId") REFERENCES "Comment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DecisionGuideline" ADD CONSTRAINT "DecisionGuideline_decisionId_fkey" FOREIGN KEY ("decisionId") REFERENCES "Decision"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DecisionGuideline" ADD CONSTRAINT "DecisionGuideline_guidelineCode_fkey" FOREIGN KEY ("guidelineCode") REFERENCES "Guideline"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Name" ADD CONSTRAINT "Name_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Name" ADD CONSTRAINT "Name_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "Organisation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ExternalId" ADD CONSTRAINT "ExternalId_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ExternalId" ADD CONSTRAINT "ExternalId_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "Organisation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Affiliation" ADD CONSTRAINT "Affiliation_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Affiliation" ADD CONSTRAINT "Affiliation_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "Organisation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ArticlePerson" ADD CONSTRAINT "ArticlePerson_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ArticlePerson" ADD CONSTRAINT "ArticlePerson_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ArticleOrganisation" ADD CONSTRAINT "ArticleOrganisation_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ArticleOrganisation" ADD CONSTRAINT "ArticleOrganisation_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "Organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Mention" ADD CONSTRAINT "Mention_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Mention" ADD CONSTRAINT "Mention_blockId_fkey" FOREIGN KEY ("blockId") REFERENCES "Block"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Mention" ADD CONSTRAINT "Mention_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Mention" ADD CONSTRAINT "Mention_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "Organisation"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "FeedEntry" ADD CONSTRAINT "FeedEntry_articleId_fkey" FOREIGN KEY ("articleId") REFERENCES "Article"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "FeedEntry" ADD CONSTRAINT "FeedEntry_commentId_fkey" FOREIGN KEY ("commentId") REFERENCES "Comment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- From here on: what Prisma's models cannot say. What must never be false is refused here, whoever writes.

-- Stories

ALTER TABLE "Article"
    ADD CONSTRAINT "Article_slug_form" CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    ADD CONSTRAINT "Article_version_from_1" CHECK ("version" >= 1),
    ADD CONSTRAINT "Article_commentCount_not_negative" CHECK ("commentCount" >= 0),
    ADD CONSTRAINT "Article_feedPosition_not_negative" CHECK ("feedPosition" >= 0);

ALTER TABLE "Block"
    ADD CONSTRAINT "Block_position_from_1" CHECK ("position" >= 1),
    ADD CONSTRAINT "Block_level_of_headings" CHECK (
        CASE WHEN "kind" = 'HEADING' THEN "level" IS NOT NULL AND "level" BETWEEN 2 AND 6 ELSE "level" IS NULL END),
    ADD CONSTRAINT "Block_text_where_required" CHECK (
        "kind" NOT IN ('PARAGRAPH', 'HEADING', 'QUOTATION') OR "text" IS NOT NULL);

ALTER TABLE "Quotation"
    ADD CONSTRAINT "Quotation_one_speaker_at_most" CHECK (num_nonnulls("speakerPersonId", "speakerOrganisationId") <= 1);

ALTER TABLE "Revision"
    ADD CONSTRAINT "Revision_version_from_1" CHECK ("version" >= 1);

ALTER TABLE "Mention"
    ADD CONSTRAINT "Mention_start_before_end" CHECK (0 <= "start" AND "start" < "end"),
    ADD CONSTRAINT "Mention_of_exactly_one" CHECK (num_nonnulls("personId", "organisationId") = 1);

ALTER TABLE "ArticlePerson"
    ADD CONSTRAINT "ArticlePerson_position_from_1" CHECK ("position" >= 1);

ALTER TABLE "ArticleOrganisation"
    ADD CONSTRAINT "ArticleOrganisation_position_from_1" CHECK ("position" >= 1);

-- People and organisations

ALTER TABLE "Name"
    ADD CONSTRAINT "Name_of_exactly_one" CHECK (num_nonnulls("personId", "organisationId") = 1);

ALTER TABLE "ExternalId"
    ADD CONSTRAINT "ExternalId_of_exactly_one" CHECK (num_nonnulls("personId", "organisationId") = 1);

-- Comments

ALTER TABLE "Comment"
    ADD CONSTRAINT "Comment_placed_when_approved" CHECK (
        CASE WHEN "status" = 'APPROVED' THEN "position" IS NOT NULL AND "approvedAt" IS NOT NULL
             ELSE "position" IS NULL AND "approvedAt" IS NULL END),
    ADD CONSTRAINT "Comment_position_from_1" CHECK ("position" >= 1),
    ADD CONSTRAINT "Comment_body_length" CHECK (char_length("body") BETWEEN 1 AND 2000),
    -- The white space that ECMAScript's String.prototype.trim removes.
    ADD CONSTRAINT "Comment_body_trimmed" CHECK ("body" = btrim("body",
        E' \t\n\x0b\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff'));

-- The moderation queue, oldest first. It stays as short as the queue is, however many comments there are.
CREATE INDEX "Comment_queue_idx" ON "Comment" ("submittedAt", "id") WHERE "status" = 'PENDING';

CREATE FUNCTION "Comment_words_stay"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a comment is never edited'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'Comment_words_stay', TABLE = 'Comment';
END $$;

CREATE TRIGGER "Comment_words_stay" BEFORE UPDATE ON "Comment" FOR EACH ROW
    WHEN (ROW(NEW."id", NEW."articleId", NEW."readerId", NEW."parentId",
              NEW."body", NEW."bodyKey", NEW."language", NEW."submittedAt")
        IS DISTINCT FROM
          ROW(OLD."id", OLD."articleId", OLD."readerId", OLD."parentId",
              OLD."body", OLD."bodyKey", OLD."language", OLD."submittedAt"))
    EXECUTE FUNCTION "Comment_words_stay"();

CREATE FUNCTION "Comment_status_order"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a comment cannot go from % to %', OLD."status", NEW."status"
        USING ERRCODE = 'check_violation', CONSTRAINT = 'Comment_status_order', TABLE = 'Comment';
END $$;

-- PENDING may become APPROVED or REJECTED, APPROVED may become REJECTED, and REJECTED is final.
CREATE TRIGGER "Comment_status_order" BEFORE UPDATE ON "Comment" FOR EACH ROW
    WHEN (NEW."status" <> OLD."status" AND (OLD."status" = 'REJECTED' OR NEW."status" = 'PENDING'))
    EXECUTE FUNCTION "Comment_status_order"();

CREATE FUNCTION "Comment_parent_on_same_article"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM "Comment" WHERE "id" = NEW."parentId" AND "articleId" = NEW."articleId" AND "id" <> NEW."id"
    ) THEN
        RAISE EXCEPTION 'a reply belongs to the article of the comment it answers'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'Comment_parent_on_same_article', TABLE = 'Comment';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER "Comment_parent_on_same_article" BEFORE INSERT ON "Comment" FOR EACH ROW
    WHEN (NEW."parentId" IS NOT NULL) EXECUTE FUNCTION "Comment_parent_on_same_article"();

-- The record of moderation

CREATE FUNCTION "refuse_change_of_record"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is a record: rows are added and never changed or removed', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
END $$;

CREATE TRIGGER "Decision_append_only" BEFORE UPDATE OR DELETE ON "Decision" FOR EACH ROW
    EXECUTE FUNCTION "refuse_change_of_record"();

CREATE TRIGGER "DecisionGuideline_append_only" BEFORE UPDATE OR DELETE ON "DecisionGuideline" FOR EACH ROW
    EXECUTE FUNCTION "refuse_change_of_record"();

CREATE FUNCTION "Decision_rejection_names_guideline"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM "DecisionGuideline" WHERE "decisionId" = NEW."id") THEN
        RAISE EXCEPTION 'a rejection names at least one guideline'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'Decision_rejection_names_guideline', TABLE = 'Decision';
    END IF;
    RETURN NULL;
END $$;

-- Checked at commit, because the guidelines are written after the decision they belong to.
CREATE CONSTRAINT TRIGGER "Decision_rejection_names_guideline" AFTER INSERT ON "Decision"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW."verdict" = 'REJECTED')
    EXECUTE FUNCTION "Decision_rejection_names_guideline"();

CREATE FUNCTION "DecisionGuideline_only_of_rejections"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM "Decision" WHERE "id" = NEW."decisionId" AND "verdict" = 'APPROVED') THEN
        RAISE EXCEPTION 'an approval names no guideline'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'DecisionGuideline_only_of_rejections',
                TABLE = 'DecisionGuideline';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER "DecisionGuideline_only_of_rejections" BEFORE INSERT ON "DecisionGuideline" FOR EACH ROW
    EXECUTE FUNCTION "DecisionGuideline_only_of_rejections"();

-- The live feed: per article 1, 2, 3, … without a hole, in the order of commits. Whoever writes an entry has
-- advanced the article's feedPosition to it in the same transaction, and so holds the article's row lock.

ALTER TABLE "FeedEntry"
    ADD CONSTRAINT "FeedEntry_position_from_1" CHECK ("position" >= 1);

ALTER TABLE "FeedEpoch"
    ADD CONSTRAINT "FeedEpoch_one_row" CHECK ("id" = 1);

CREATE TRIGGER "FeedEntry_append_only" BEFORE UPDATE OR DELETE ON "FeedEntry" FOR EACH ROW
    EXECUTE FUNCTION "refuse_change_of_record"();

CREATE FUNCTION "FeedEntry_in_order"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM "Article" WHERE "id" = NEW."articleId" AND "feedPosition" = NEW."position") THEN
        RAISE EXCEPTION 'a feed entry stands at the feed position of its article'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'FeedEntry_at_feed_position', TABLE = 'FeedEntry';
    END IF;
    IF NEW."position" > 1 AND NOT EXISTS (
        SELECT FROM "FeedEntry" WHERE "articleId" = NEW."articleId" AND "position" = NEW."position" - 1
    ) THEN
        RAISE EXCEPTION 'a feed has no holes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'FeedEntry_without_holes', TABLE = 'FeedEntry';
    END IF;
    IF NOT EXISTS (SELECT FROM "Comment" WHERE "id" = NEW."commentId" AND "articleId" = NEW."articleId") THEN
        RAISE EXCEPTION 'a feed entry is about a comment on its own article'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'FeedEntry_of_own_comment', TABLE = 'FeedEntry';
    END IF;
    -- Entries are written in the order of their positions, so one that is already there has a lower one.
    IF NEW."kind" = 'RETRACTED' AND NOT EXISTS (
        SELECT FROM "FeedEntry" WHERE "commentId" = NEW."commentId" AND "kind" = 'APPROVED'
    ) THEN
        RAISE EXCEPTION 'only an approved comment is retracted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'FeedEntry_retracts_approved', TABLE = 'FeedEntry';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER "FeedEntry_in_order" BEFORE INSERT ON "FeedEntry" FOR EACH ROW
    EXECUTE FUNCTION "FeedEntry_in_order"();

CREATE FUNCTION "Article_feedPosition_never_back"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a feed never goes back: % to %', OLD."feedPosition", NEW."feedPosition"
        USING ERRCODE = 'check_violation', CONSTRAINT = 'Article_feedPosition_never_back', TABLE = 'Article';
END $$;

CREATE TRIGGER "Article_feedPosition_never_back" BEFORE UPDATE ON "Article" FOR EACH ROW
    WHEN (NEW."feedPosition" < OLD."feedPosition") EXECUTE FUNCTION "Article_feedPosition_never_back"();

CREATE FUNCTION "Article_feedPosition_has_entry"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM "FeedEntry" WHERE "articleId" = NEW."id" AND "position" = NEW."feedPosition"
    ) THEN
        RAISE EXCEPTION 'no feed entry stands at feed position %', NEW."feedPosition"
            USING ERRCODE = 'check_violation', CONSTRAINT = 'Article_feedPosition_has_entry', TABLE = 'Article';
    END IF;
    RETURN NULL;
END $$;

-- Checked at commit, because the position is advanced before its entry is written.
CREATE CONSTRAINT TRIGGER "Article_feedPosition_has_entry_on_insert" AFTER INSERT ON "Article"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW."feedPosition" > 0)
    EXECUTE FUNCTION "Article_feedPosition_has_entry"();

CREATE CONSTRAINT TRIGGER "Article_feedPosition_has_entry_on_update" AFTER UPDATE ON "Article"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW."feedPosition" <> OLD."feedPosition")
    EXECUTE FUNCTION "Article_feedPosition_has_entry"();

-- Data without which no gateway runs

INSERT INTO "FeedEpoch" DEFAULT VALUES;

ALTER TABLE "Guideline"
    ADD CONSTRAINT "Guideline_code_form" CHECK ("code" ~ '^[A-Z]+(_[A-Z]+)*$'),
    ADD CONSTRAINT "Guideline_position_from_1" CHECK ("position" >= 1);

INSERT INTO "Guideline" ("position", "code", "title", "description") VALUES
    (1, 'RELEVANCE', 'Keep to the story',
        'Write about the story or answer what others wrote about it; criticism is welcome, of the newsroom too.'),
    (2, 'PROFANITY', 'No profanity',
        'Leave out swearing and obscene words, in any language and however they are spelt.'),
    (3, 'THREATS', 'No threats',
        'Do not threaten anybody with harm, and do not call on others to do harm.'),
    (4, 'PERSONAL_ATTACKS', 'No personal attacks',
        'Argue with what people say and do, and do not insult who they are.'),
    (5, 'VULGARITY', 'No vulgarity',
        'Leave out crude or sexually explicit language and descriptions.'),
    (6, 'ABUSE', 'No abuse',
        'Sexism, racism, homophobia, xenophobia and every other contempt for a group of people are refused.'),
    (7, 'PROMOTION', 'No promotion',
        'Do not advertise goods, services, channels or yourself, for money or for attention.');
