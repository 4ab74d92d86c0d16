import type { DocumentNode } from 'graphql'
import { SetupError } from '../base/errors.ts'
import type { ManifestEntry } from './document-manifests.ts'
import { knownTexts, printedId, textId } from './known-documents.ts'

/** An entry of a manifest, parsed. */
export interface PersistedEntry extends ManifestEntry {
  document: DocumentNode
}

/** The documents that the outlet has approved: those in schema/operations, and those of its manifests. */
export class PersistedDocuments {
  readonly #texts = new Map<string, string>()
  readonly #allTexts = new Set<string>()
  readonly #printedIds = new Set<string>()

  /** @throws SetupError naming an entry whose id does not belong to its text, or belongs to another one too */
  constructor(entries: readonly PersistedEntry[] = []) {
    for (const { id, text, where, document } of entries) {
      const key = documentKey(id)
      if (key !== id && key !== textId(text)) throw wrong(where, 'its id is not the SHA-256 of its text')
      const other = this.textOf(key)
      if (other !== undefined && other !== text) throw wrong(where, 'another document has the same id')
      this.#texts.set(key, text)
      this.#allTexts.add(text)
      this.#printedIds.add(printedId(document))
    }
  }

  /** The text of a document. @param key see `documentKey` */
  textOf(key: string): string | undefined {
    return this.#texts.get(key) ?? knownTexts().get(key)?.text
  }

  /** Whether exactly this text is persisted. */
  includesText(text: string): boolean {
    return this.#allTexts.has(text) || knownTexts().has(textId(text))
  }

  /** Whether a document is persisted, except for white space, commas and comments. */
  includesDocument(document: DocumentNode): boolean {
    const id = printedId(document)
    return this.#printedIds.has(id) || knownTexts().has(id)
  }
}

/** An id without the prefix "sha256:" of the persisted documents in GraphQL over HTTP (appendix A). */
export function documentKey(id: string): string {
  return /^sha256:[0-9a-f]{64}$/.test(id) ? id.slice('sha256:'.length) : id
}

function wrong(where: string, problem: string): SetupError {
  return new SetupError(`PERSISTED_DOCUMENTS: ${where} is wrong: ${problem}.`)
}
