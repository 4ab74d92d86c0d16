import { getOperationAST, print } from 'graphql'
import { documentWithTypenames, textId } from '../../graphql/known-documents.ts'
import { operationNames } from '../../graphql/operations.ts'

/**
 * A module that takes the place of schema/documents.ts in browsers: each document has its id instead of its text, so
 * that browsers load and send the id only.
 */
export function documentsById(): string {
  return operationNames()
    .map((name) => {
      const document = documentWithTypenames(name)
      const node = {
        kind: 'Document',
        definitions: [],
        documentId: textId(print(document)),
        name,
        type: getOperationAST(document)?.operation,
      }
      return `export const ${name}Document = ${JSON.stringify(node)}\n`
    })
    .join('')
}
