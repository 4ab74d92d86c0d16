import type { Messages } from '@lingui/core'
import { use } from 'react'
import type { Language } from '../../texts/languages.ts'
import { type Text, textsOf } from '../../texts/texts.ts'
import { useLanguage } from './language.tsx'

type LoadTexts<Texts> = Readonly<Record<Language, () => Promise<{ default: Texts }>>>

/**
 * Makes a hook that returns the texts of a part of the desk in the chosen language. Each language is a file of its own
 * that is loaded when it is first used; React shows the nearest Suspense fallback meanwhile.
 */
export function textsHook<Texts extends object>(load: LoadTexts<Texts>) {
  type Key = keyof Texts & string
  const loaded = new Map<Language, Promise<Text<Key>>>()
  return function useText(): Text<Key> {
    const { language } = useLanguage()
    let text = loaded.get(language)
    if (!text) {
      // The bundler compiles the texts.
      text = load[language]().then((file) => textsOf<Key>(language, file.default as unknown as Messages))
      text.catch(() => loaded.delete(language))
      loaded.set(language, text)
    }
    return use(text)
  }
}

/** The texts of the frame, the sign-in, the queue and the shared components. */
export const useText = textsHook<typeof import('../../texts/desk/en.json')>({
  en: () => import('../../texts/desk/en.json'),
  ar: () => import('../../texts/desk/ar.json'),
  ckb: () => import('../../texts/desk/ckb.json'),
  tr: () => import('../../texts/desk/tr.json'),
})

export type DeskText = ReturnType<typeof useText>
export type DeskKey = Parameters<DeskText>[0]
