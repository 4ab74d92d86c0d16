/** The marks around a `<q>` and around a `<q>` inside it: opening and closing. */
export type QuotationMarks = readonly [outer: readonly [string, string], inner: readonly [string, string]]

/** The quotation marks of a language (BCP 47 tag) that browsers print, from CLDR; those of English by default. */
export function quotationMarksOf(language: string | null | undefined): QuotationMarks {
  const tag = (language ?? '').toLowerCase()
  const marks = byLanguage.get(tag) ?? byLanguage.get(tag.split(/[-_]/)[0]!) ?? '“”‘’'
  const [open, close, innerOpen, innerClose] = [...marks] as [string, string, string, string]
  return [
    [open, close],
    [innerOpen, innerClose],
  ]
}

const byLanguage = new Map(
  Object.entries({
    '„“‚‘': ['de', 'cs', 'sk', 'sl', 'is', 'lt'],
    '«»‹›': ['fr', 'fa', 'de-ch', 'fr-ch', 'it-ch'],
    '«»“”': ['es', 'it', 'ca', 'gl', 'eu', 'pt-pt', 'el', 'hy', 'sq'],
    '«»„“': ['ru', 'uk', 'be', 'et'],
    '„”«»': ['pl', 'ro', 'hr'],
    '„”»«': ['hu'],
    '„“„“': ['bg', 'mk'],
    '„”’’': ['sr', 'bs'],
    '””’’': ['sv', 'fi', 'he'],
    '«»‘’': ['no', 'nb', 'nn'],
    '”“’‘': ['ar', 'ur'],
    '「」『』': ['ja', 'zh-tw', 'zh-hk', 'zh-hant'],
  }).flatMap(([marks, languages]) => languages.map((language) => [language, marks] as const)),
)
