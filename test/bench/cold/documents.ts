import { operationText } from '../../../src/graphql/operations.ts'

// What is asked for, in the words of each schema. `$N` stands where a document differs from every other one.

export type Dialect = 'gateway' | 'postgraphile'

export interface Page {
  name: string
  /** Whether the request names an article. */
  ofArticle: boolean
  documents: Partial<Record<Dialect, string>>
}

const CARD = `
    id slug headline$N: headline standfirst language publishedAt updatedAt commentCount
    dateline { text }
    topic { slug name }
    leadImage { url alt caption credit }
    people$N: people { roleAsPrinted person { id name } }
    organisations { organisation { id name } }`

const ARTICLE = `query Article$N($slug: String!) {
  article$N: article(slug: $slug) {${CARD}
    body$N: body {
      kind position
      ... on Paragraph { text }
      ... on Heading { text level }
    }
    comments$N: comments(first: 20) {
      edges { node { id body author { displayName } submittedAt approvedAt } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`

const FRONT_PAGE = `query FrontPage$N {
  articles$N: articles(first: 20) {
    edges { node {${CARD} } }
    pageInfo { hasNextPage endCursor }
  }
}`

const POSTGRAPHILE_CARD = `
    id: rowId slug headline$N: headline standfirst language publishedAt updatedAt commentCount
    dateline: datelineText
    topic: topicByTopicId { slug name: label }
    leadImage: imageUseByLeadImageId { image: imageByImageId { url } alt caption credit }
    people$N: articleEntitiesByArticleId(condition: { kind: PERSON, namedIn: ARTICLE }, orderBy: POSITION_ASC) {
      nodes { rolesAsPrinted person: entityByEntityIdAndKind { id: rowId name } }
    }
    organisations: articleEntitiesByArticleId(
      condition: { kind: ORGANISATION, namedIn: ARTICLE }, orderBy: POSITION_ASC
    ) { nodes { organisation: entityByEntityIdAndKind { id: rowId name } } }`

const POSTGRAPHILE_ARTICLE = `query Article$N($slug: String!) {
  article$N: publicArticle(slug: $slug) {${POSTGRAPHILE_CARD}
    body$N: blocksByArticleId(orderBy: POSITION_ASC) { nodes { kind position text level } }
    comments$N: commentsByArticleId(first: 20, condition: { status: APPROVED }, orderBy: POSITION_DESC) {
      edges { node { id: rowId body authorName submittedAt approvedAt } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`

const POSTGRAPHILE_FRONT_PAGE = `query FrontPage$N {
  articles$N: publicArticles(first: 20) {
    edges { node {${POSTGRAPHILE_CARD} } }
    pageInfo { hasNextPage endCursor }
  }
}`

/** The document of our own article page, with room for names that no other document has. */
function ownArticlePage(): string {
  return operationText('ArticlePage')
    .replace('query ArticlePage', 'query ArticlePage$N')
    .replace('article(slug', 'article$N: article(slug')
    .replace(/^ {4}headline$/m, '    headline$N: headline')
}

export const pages: readonly Page[] = [
  {
    name: 'article page',
    ofArticle: true,
    documents: { gateway: ARTICLE, postgraphile: POSTGRAPHILE_ARTICLE },
  },
  {
    name: 'front page',
    ofArticle: false,
    documents: { gateway: FRONT_PAGE, postgraphile: POSTGRAPHILE_FRONT_PAGE },
  },
  { name: 'our ArticlePage', ofArticle: true, documents: { gateway: ownArticlePage() } },
]

let documents = 0

/** The text of a document: the same one each time, or one that no server has had yet. */
export function textOf(document: string, isNew: boolean): string {
  // As many characters for each.
  return document.replaceAll('$N', `_n${isNew ? 1_000_000 + ++documents : 1_000_000}`)
}
