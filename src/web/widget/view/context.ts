import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Language } from '../../texts/languages.ts'
import type { Controller } from '../controller.ts'
import type { WidgetText } from '../language.ts'
import type { WidgetState } from '../state.ts'

/** What every part of the view needs. */
export interface View {
  state: WidgetState
  controller: Controller
  text: WidgetText
  language: Language
  now: Date
  /** The comment whose reply form is open. */
  replyTo: string | null
  setReplyTo(id: string | null): void
  /** Tells screen readers. */
  announce(message: string): void
  /** Asks the page to let the reader sign in. */
  signIn(): void
  chooseSampleReader(name: string): void
}

export const ViewContext = createContext<View | null>(null)

export function useView(): View {
  const view = useContext(ViewContext)
  if (!view) throw new Error('This component is used outside of the widget.')
  return view
}
