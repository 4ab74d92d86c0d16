import { useState } from 'preact/hooks'
import { readStored, store } from '../storage.ts'
import { useView } from './context.ts'

/** A text that is not sent yet, and the reader who writes it; undefined if nobody has signed in yet. */
interface Draft {
  reader: unknown
  body: string
}

/**
 * The text of a form. It survives a reload of the page, and is shown only to the reader who wrote it. While nobody is
 * signed in, the text on the screen stays: the reader may get a new token.
 */
export function useDraft(parentId: string | null): [body: string, write: (body: string) => void] {
  const { state, controller } = useView()
  const keyOf = (reader: unknown) => `draft:${state.articleId}:${parentId ?? ''}:${reader}`
  const stored = (reader: unknown): Draft => ({
    reader,
    body: reader === undefined ? '' : (readStored(keyOf(reader)) ?? ''),
  })
  const [draft, setDraft] = useState(() => stored(controller.reader))
  const reader = controller.reader ?? draft.reader
  const { body } = reader === draft.reader ? draft : stored(reader)
  const write = (next: string) => {
    setDraft({ reader, body: next })
    if (reader !== undefined) store(keyOf(reader), next === '' ? null : next)
  }
  return [body, write]
}
