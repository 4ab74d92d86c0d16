import type { DocumentNode } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { withReservedNames } from '../../db/statement-names.ts'
import type { PersistedDocuments } from '../../graphql/persisted-documents.ts'

/** Keeps the statements of persisted documents prepared, whatever other clients send. */
export function useReservedNames(persisted: PersistedDocuments): Plugin {
  /** Results by document: parsed documents are cached, so each is printed once. */
  const known = new WeakMap<DocumentNode, boolean>()
  const isPersisted = (document: DocumentNode) => {
    const found = known.get(document) ?? persisted.includesDocument(document)
    known.set(document, found)
    return found
  }
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      if (!isPersisted(args.document)) return
      setExecuteFn((executeArgs) => withReservedNames(() => executeFn(executeArgs)))
    },
  }
}
