-- Reads the tables while others read and write them.
ALTER TABLE "Article" VALIDATE CONSTRAINT "Article_topicId_fkey";
ALTER TABLE "Quotation" VALIDATE CONSTRAINT "Quotation_blockId_articleId_fkey";
ALTER TABLE "Quotation" VALIDATE CONSTRAINT "Quotation_speakerPersonId_fkey";
ALTER TABLE "Quotation" VALIDATE CONSTRAINT "Quotation_speakerOrganisationId_fkey";
ALTER TABLE "Quotation" VALIDATE CONSTRAINT "Quotation_viaOrganisationId_fkey";
ALTER TABLE "Topic" VALIDATE CONSTRAINT "Topic_parentId_fkey";
ALTER TABLE "ArticleChange" VALIDATE CONSTRAINT "ArticleChange_partnerId_fkey";
ALTER TABLE "Comment" VALIDATE CONSTRAINT "Comment_parentId_articleId_fkey";
ALTER TABLE "FeedEntry" VALIDATE CONSTRAINT "FeedEntry_commentId_articleId_fkey";
ALTER TABLE "Mention" VALIDATE CONSTRAINT "Mention_blockId_articleId_fkey";
ALTER TABLE "Mention" VALIDATE CONSTRAINT "Mention_personId_fkey";
ALTER TABLE "Mention" VALIDATE CONSTRAINT "Mention_organisationId_fkey";
ALTER TABLE "WebSubSubscription" VALIDATE CONSTRAINT "WebSubSubscription_partnerId_fkey";
ALTER TABLE "Comment" VALIDATE CONSTRAINT "Comment_parent_is_other";
