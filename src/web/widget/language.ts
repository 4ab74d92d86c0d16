import type { Messages } from '@lingui/core'
import { type Language, languageFor } from '../texts/languages.ts'
import { type Text, textsOf } from '../texts/texts.ts'
import type english from '../texts/widget/en.json'

export type WidgetText = Text<keyof typeof english>

/** The texts of each language are a file of their own: a page loads one of them. */
const TEXTS: Readonly<Record<Language, () => Promise<{ default: object }>>> = {
  en: () => import('../texts/widget/en.json'),
  ar: () => import('../texts/widget/ar.json'),
  ckb: () => import('../texts/widget/ckb.json'),
  tr: () => import('../texts/widget/tr.json'),
}

export async function loadTexts(language: Language): Promise<WidgetText> {
  const { default: messages } = await TEXTS[language]()
  return textsOf(language, messages as unknown as Messages)
}

/** The language of an element: its own, or that of the closest element that declares one. */
export function languageOfElement(element: Element): Language {
  return languageFor([element.closest('[lang]')?.getAttribute('lang') ?? ''])
}
