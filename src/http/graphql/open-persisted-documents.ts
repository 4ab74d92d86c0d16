import { specifiedRules } from 'graphql'
import { SetupError } from '../../base/errors.ts'
import { messageOf } from '../../base/message-of.ts'
import { type ManifestEntry, readManifests } from '../../graphql/document-manifests.ts'
import { PersistedDocuments, type PersistedEntry } from '../../graphql/persisted-documents.ts'
import { schema } from '../../schema/schema.ts'
import { parseBounded, refusalOfDocument, validateBounded } from './document-limits.ts'

/**
 * Reads and validates the persisted documents.
 * @param path a manifest, or a folder of manifests; null for the documents in schema/operations only
 * @throws SetupError naming the file and the entry that is wrong
 */
export function openPersistedDocuments(path: string | null): PersistedDocuments {
  return new PersistedDocuments(path === null ? [] : readManifests(path).map(validated))
}

function validated(entry: ManifestEntry): PersistedEntry {
  const { text, where } = entry
  try {
    const document = parseBounded(text)
    const [error = refusalOfDocument(document)] = validateBounded(schema, document, specifiedRules)
    if (error) throw error
    return { ...entry, document }
  } catch (error) {
    throw new SetupError(`PERSISTED_DOCUMENTS: ${where} is not valid: ${messageOf(error)}`, { cause: error })
  }
}
