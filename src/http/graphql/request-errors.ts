import { GraphQLError } from 'graphql'

/** The longest message about a request, in UTF-16 code units, and the most locations. */
const MAX_MESSAGE_LENGTH = 300
const MAX_LOCATIONS = 5

/** GraphQL's own error about a request, without the invalid value: values may be long or secret. */
export function withoutValue(error: GraphQLError): GraphQLError {
  const { message, nodes, source, positions, path, extensions } = error
  return new GraphQLError(messageWithoutValue(message), {
    ...(nodes ? { nodes: nodes.slice(0, MAX_LOCATIONS) } : { source, positions }),
    path,
    extensions: { ...extensions },
  })
}

/** Removes values in the forms in which graphql-js prints them: literals, variables and tokens. */
export function messageWithoutValue(message: string): string {
  const text = message
    .replace(/[,;] found: [\s\S]*$/, '.')
    .replace(/(cannot represent [^:"]*): [\s\S]*$/, '$1.')
    .replace(/^Value "[\s\S]*" does not exist in/, 'The value does not exist in')
    .replace(/ has invalid value [\s\S]*$/, ' has an invalid value.')
    .replace(/((?:Block)?String|Int|Float|Comment) "[\s\S]*"/, 'a $1')
  return text.length > MAX_MESSAGE_LENGTH ? `${text.slice(0, MAX_MESSAGE_LENGTH)}…` : text
}
