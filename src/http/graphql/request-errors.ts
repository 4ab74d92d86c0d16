import { GraphQLError } from 'graphql'

/** The longest message about a request, in UTF-16 code units, and the most places in the document that it names. */
const MAX_MESSAGE_LENGTH = 300
const MAX_LOCATIONS = 5

/**
 * GraphQL's own problem about a request without the value that it complains about: values may be long, and
 * secret.
 */
export function withoutValue(error: GraphQLError): GraphQLError {
  const { message, nodes, source, positions, path, extensions } = error
  return new GraphQLError(messageWithoutValue(message), {
    ...(nodes ? { nodes: nodes.slice(0, MAX_LOCATIONS) } : { source, positions }),
    path,
    extensions: { ...extensions },
  })
}

/** The forms in which graphql-js prints values: written-out ones, variables, and tokens of the document. */
export function messageWithoutValue(message: string): string {
  const text = message
    .replace(/[,;] found: [\s\S]*$/, '.')
    .replace(/(cannot represent [^:"]*): [\s\S]*$/, '$1.')
    .replace(/^Value "[\s\S]*" does not exist in/, 'The value does not exist in')
    .replace(/ has invalid value [\s\S]*$/, ' has an invalid value.')
    .replace(/((?:Block)?String|Int|Float|Comment) "[\s\S]*"/, 'a $1')
  return text.length > MAX_MESSAGE_LENGTH ? `${text.slice(0, MAX_MESSAGE_LENGTH)}…` : text
}
