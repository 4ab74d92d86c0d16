import type { GraphQLParams } from 'graphql-yoga'

/** Reads the parameters of a GET request, with the ids of documents, which GraphQL Yoga does not read. */
export function paramsOfUrl({ url }: Request): GraphQLParams {
  const [, query = ''] = url.split(/\?(.*)/s, 2)
  return paramsOfSearch(new URLSearchParams(query))
}

/** The same for the body of a form. */
export async function readForm(request: Request): Promise<GraphQLParams> {
  return paramsOfSearch(new URLSearchParams(await request.text()))
}

/**
 * The parameters in the query of a URL. Empty ones count as left out.
 * @throws SyntaxError for invalid JSON
 */
export function paramsOfSearch(search: URLSearchParams): GraphQLParams {
  const text = (name: string) => search.get(name) || undefined
  const json = (name: string) =>
    text(name) === undefined ? undefined : JSON.parse(search.get(name) as string)
  return {
    query: text('query'),
    operationName: text('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
    documentId: text('documentId'),
    doc_id: text('doc_id'),
  } as GraphQLParams
}
