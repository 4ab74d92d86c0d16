import type { DocumentNode } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { withReservedNames } from '../../db/statement-names.ts'
import { isOwnDocument } from '../../graphql/known-documents.ts'

/** Keeps the statements of the documents in schema/operations prepared, whatever other clients send. */
export function useReservedNames(): Plugin {
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      if (!isOwn(args.document)) return
      setExecuteFn((executeArgs) => withReservedNames(() => executeFn(executeArgs)))
    },
  }
}

/** Results by document: parsed documents are cached, so each is printed once. */
const known = new WeakMap<DocumentNode, boolean>()

function isOwn(document: DocumentNode): boolean {
  const found = known.get(document)
  if (found !== undefined) return found
  const result = isOwnDocument(document)
  known.set(document, result)
  return result
}
