import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
} from 'graphql'
import { expect, test } from 'vitest'
import { ruleOf } from '../../src/graphql/record-reads.ts'
import { schema } from '../../src/schema/schema.ts'
import { globalId } from '../support/newsroom.ts'

const id = '00000000-0000-7000-8000-000000000001'

/** The types that a query can reach. */
function typesOfQueries(): GraphQLObjectType[] {
  const reached = new Set([schema.getQueryType() as GraphQLObjectType])
  for (const type of reached) {
    for (const { type: returned } of Object.values(type.getFields())) {
      const named = getNamedType(returned)
      if (isObjectType(named)) reached.add(named)
      if (isAbstractType(named)) for (const each of schema.getPossibleTypes(named)) reached.add(each)
    }
  }
  return [...reached].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** What is recorded for a field; null if nothing can be. */
function recordedFor(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): string | null {
  const isRoot = type === schema.getQueryType()
  const given = field.extensions.dependsOn as ((parent: object, args: object) => string[]) | undefined
  if (!given && !isRoot && !isCompositeType(getNamedType(field.type))) return null
  const model = type.extensions.pothosPrismaModel as string | undefined
  const rule = ruleOf(isRoot ? 'Query' : (model ?? null), field.type)
  const always = given ? given({ id }, { articleId: globalId('Article', id) }) : rule.always
  const parts = [
    ...always.map((dependency) => dependency.replaceAll(id, 'the article')),
    ...rule.ifNull.map((dependency) => `${dependency} if null`),
    ...(rule.areArticles ? ['each article'] : []),
    ...(rule.onCommentsOfParent ? ['comments:the article'] : []),
  ]
  return parts.length === 0 ? null : parts.join(', ')
}

// A new field fails this test. If its value changes with something that its line does not name, and that no field above
// it in a query records, its option `dependsOn` must say so: see src/graphql/record-reads.ts.
test('each field of a query is recorded with what it depends on', () => {
  const lines = typesOfQueries().flatMap((type) => {
    const fields = Object.values(type.getFields()).map(
      (field) => [field.name, recordedFor(type, field)] as const,
    )
    const silent = fields.filter(([, recorded]) => recorded === null).map(([name]) => name)
    return [
      `${type.name}: ${silent.join(' ')}`,
      ...fields.flatMap(([name, recorded]) => (recorded === null ? [] : [`  ${name}: ${recorded}`])),
    ]
  })
  expect(`\n${lines.join('\n')}\n`).toMatchInlineSnapshot(`
    "
    Affiliation: from title to
      organisation: reference names, reference details if null
      person: reference names, reference details if null
    Article: body byline commentingClosesAt commentingOpen corrections dateline direction draft embargoedUntil headline id kicker language leadImage mentions organisations people publishedAt slug standfirst status updatedAt url version
      commentCount: comments:the article
      comments: comments:the article
      feedCursor: comments:the article
      related: articles, each article
      revision: articles, article changes, comments, reference details, reference names
      revisions: articles, article changes, comments, reference details, reference names
      topic: reference names
    ArticleChanged: article articleId at cursor kind version
    ArticleCommentCount: articleId count oldestSubmittedAt
      article: articles if null, each article
    ArticleConnection: edges pageInfo totalCount
    ArticleEdge: cursor
      node: articles if null, each article
    ArticleGone: advisory articleId code message publicReason reason
    ArticleHolder: confirmations confirmed confirmedAt mayKeep mustStillRemove partner partnerName removalAttemptedAt removalNotifiedAt removedAt since version via
    ArticleOrganisation: namedIn
      organisation: reference names
    ArticlePerson: namedIn roleAsPrinted rolesAsPrinted
      person: reference names
    ArticleRecall: articleId holders isComplete withdrawn
      article: articles if null, each article
    ArticleRemoved: advisory articleId at cursor kind publicReason reason version
    Author: displayName
    ChangeConnection: edges pageInfo removalsOnly retryAfter
    ChangeEdge: cursor node
    Comment: approvedAt author body cursor id isReply language parent parentRemoved replies replyCount status submittedAt thread viewerIsAuthor
      article: articles if null, each article
      decisions: articles, article changes, comments, reference details, reference names
      reader: articles, article changes, comments, reference details, reference names
      rejectedFor: reference details
    CommentApproved: comment commentCount cursor
    CommentConnection: edges pageInfo totalCount
    CommentCounts: approved pending rejected
    CommentEdge: cursor node
    CommentEventConnection: edges pageInfo
    CommentEventEdge: cursor node
    CommentRetracted: commentCount commentId cursor parent
    Correction: at kind text version
    Dateline: place region text
    Decision: at comment moderator moderatorName note verdict
      guidelines: reference details
    DecisionConnection: edges pageInfo
    DecisionEdge: cursor
      node: articles, article changes, comments, reference details, reference names
    Embed: authorName handle postedAt provider text url
    EmbedBlock: embed kind position
    ExternalId: scheme value
    FeedReset: cursor reason
    Guideline: code description title
    Heading: kind level mentions position text
    Image: agency alt caption credit partners photographer syndicatable url usageTerms
    ImageBlock: image kind position
    LanguageCommentCount: count language
    LedgerConnection: edges pageInfo
    LedgerEdge: cursor node
    LedgerEntry: acknowledgedAt articleId deliveredAt failedAt failure failures firstAt kind lastAt partner times version via
    Licence: agencies attribution coverage covers embeds fullText languages quotations retentionDays sections topics validFrom validUntil version
    LicenceChange: admin at terms version
    LicenceCoverage: articles images inForce warnings
    LicenceWarning: entry message term
    LicensedArticle: attribution body byline corrections dateline direction hasFullText headline id kicker language leadImage organisations people publishedAt slug standfirst topic updatedAt url version
    LicensedArticleOrganisation: namedIn organisation
    LicensedArticlePerson: namedIn person roleAsPrinted rolesAsPrinted
    LicensedEmbedBlock: embed kind position
    LicensedHeading: kind level mentions position text
    LicensedImage: agency alt caption credit photographer url usageTerms
    LicensedImageBlock: image kind position
    LicensedMention: end organisation person roleAsPrinted start surface
    LicensedOrganisation: id kind name slug
    LicensedParagraph: kind mentions position text
    LicensedPerson: id kind name slug
    LicensedQuotation: direct roleAsPrinted speaker via viaOrganisation
    LicensedQuotationBlock: kind mentions position quotation text
    LicensedTopic: name slug
    Mention: block end roleAsPrinted start surface
      organisation: reference names
      person: reference names
    ModerationCounts: byArticle byLanguage oldestSubmittedAt total
    Name: kind language script text
    Organisation: id kind name slug
      affiliations: reference details
      articles: articles
      description: reference details
      externalIds: reference details
      names: reference details
      quotations: articles
    OrganisationConnection: edges pageInfo
    OrganisationEdge: cursor
      node: reference names, reference details if null
    PageInfo: endCursor hasNextPage hasPreviousPage startCursor
    Paragraph: kind mentions position text
    Partner: createdAt name quotaPerDay quotaPerMinute slug suspendedAt usage
      keys: articles, article changes, comments, reference details, reference names
      licence: articles, article changes, comments, reference details, reference names
      licenceHistory: articles, article changes, comments, reference details, reference names
      webhooks: articles, article changes, comments, reference details, reference names
    PartnerConnection: edges pageInfo
    PartnerEdge: cursor
      node: articles, article changes, comments, reference details, reference names
    PartnerKey: createdAt expiresAt kind lastUsedAt prefix
    PartnerUsage: day minute
    Person: id kind name slug
      affiliations: reference details
      articles: articles
      description: reference details
      externalIds: reference details
      names: reference details
      quotations: articles
    PersonConnection: edges pageInfo
    PersonEdge: cursor
      node: reference names, reference details if null
    Query: 
      article: articles if null, each article
      articles: reference names, articles
      changes: articles, article changes, comments, reference details, reference names
      commentEvents: the article, comments:the article
      decisions: articles, article changes, comments, reference details, reference names
      editorialArticles: reference names, articles
      guidelines: reference details
      ledger: articles, article changes, comments, reference details, reference names
      licensedArticle: articles, article changes, comments, reference details, reference names
      licensedArticleResult: articles, article changes, comments, reference details, reference names, each article
      moderationCounts: articles, article changes, comments, reference details, reference names
      moderationQueue: comments
      node: articles, article changes, comments, reference details, reference names, each article
      openRecalls: articles, article changes, comments, reference details, reference names
      organisation: reference names, reference details if null
      organisations: reference names, reference details
      partner: articles, article changes, comments, reference details, reference names
      partners: articles, article changes, comments, reference details, reference names
      people: reference names, reference details
      person: reference names, reference details if null
      reader: articles, article changes, comments, reference details, reference names
      readers: articles, article changes, comments, reference details, reference names
      recall: articles, article changes, comments, reference details, reference names
      removals: articles, article changes, comments, reference details, reference names
      search: articles, reference details, reference names
      topic: articles, reference names, reference details if null
      topics: reference names, articles, reference details
      viewer: articles, article changes, comments, reference details, reference names
      viewerPartner: articles, article changes, comments, reference details, reference names
    Quotation: direct roleAsPrinted text via
      article: articles if null, each article
      speaker: reference names
      viaOrganisation: reference names
    QuotationBlock: kind mentions position quotation text
    QuotationConnection: edges pageInfo
    QuotationEdge: cursor
      node: articles if null
    Reader: commentCounts comments createdAt displayName id status subject
      statusChanges: articles, article changes, comments, reference details, reference names
    ReaderConnection: edges pageInfo
    ReaderEdge: cursor
      node: articles, article changes, comments, reference details, reference names
    ReaderStatusChange: adminName at reason status
    RecallConnection: edges pageInfo
    RecallEdge: cursor node
    RemovalConfirmation: at editorName note
    Revision: at draft editor version
    RevisionConnection: edges pageInfo
    RevisionEdge: cursor
      node: articles, article changes, comments, reference details, reference names
    SearchResults: 
      articles: articles
      organisations: reference names, reference details
      people: reference names, reference details
    Topic: id name slug
      articles: articles
      parent: reference names, reference details if null
    TopicConnection: edges pageInfo
    TopicEdge: cursor
      node: reference names, reference details if null
    Viewer: comments displayName expiresAt isBanned role
    Webhook: createdAt disabledAt disabledReason failingSince id url
    "
  `)
})
