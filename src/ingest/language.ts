import { scriptOf } from '../names/names.ts'

/**
 * The language of an article as a BCP 47 tag: the first candidate that is a tag and whose script matches the
 * text, otherwise the language of its letters and most common words, otherwise "und".
 */
export function languageOf(claims: (string | undefined)[], text: string): string {
  const script = scriptOf(text)
  for (const claim of claims) {
    const tag = canonical(claim)
    if (!tag || /^(?:und|mul|zxx)\b/.test(tag)) continue
    const language = tag.split('-')[0]!
    // Outlets in Sorani call it "ku", or "ku-IQ"; written in Arabic letters it is Central Kurdish.
    if (language === 'ku' && script === 'Arab') return 'ckb'
    if (script === 'Zyyy' || scriptsOf(language).includes(script)) return tag
  }
  return detect(text, script)
}

function canonical(claim: string | undefined): string | undefined {
  const written = claim?.trim().replaceAll('_', '-').replace(/\..*$/, '')
  if (!written) return undefined
  // Open Graph's locales have a few that name no country.
  const tag =
    written.toLowerCase() === 'ar-ar' ? 'ar' : written.toLowerCase() === 'es-la' ? 'es-419' : written
  const code = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.test(tag) ? tag : englishNames.get(tag.toLowerCase())
  try {
    return code && Intl.getCanonicalLocales(code)[0]
  } catch {
    return undefined
  }
}

const englishNames = new Map(
  Object.entries({
    english: 'en',
    arabic: 'ar',
    turkish: 'tr',
    german: 'de',
    french: 'fr',
    spanish: 'es',
    russian: 'ru',
    persian: 'fa',
    kurdish: 'ku',
    italian: 'it',
    portuguese: 'pt',
  }),
)

function scriptsOf(language: string): string[] {
  const several: Record<string, string[]> = {
    sr: ['Cyrl', 'Latn'],
    bs: ['Latn', 'Cyrl'],
    uz: ['Latn', 'Cyrl'],
    kk: ['Cyrl', 'Latn'],
    az: ['Latn', 'Cyrl', 'Arab'],
    ku: ['Latn', 'Arab'],
    pa: ['Guru', 'Arab'],
    ja: ['Jpan', 'Hani'],
    zh: ['Hani', 'Jpan'],
    ko: ['Hang', 'Hani'],
  }
  const likely = new Intl.Locale(language).maximize().script
  return several[language] ?? (likely ? [likely] : [])
}

function detect(text: string, script: string): string {
  if (script === 'Arab') {
    if (/[ڕڵێۆ]/.test(text)) return 'ckb'
    if (/[ٹڈڑے]/.test(text)) return 'ur'
    return /[پچژگی]/.test(text) ? 'fa' : 'ar'
  }
  if (script === 'Cyrl') {
    if (/[їєґ]/i.test(text)) return 'uk'
    if (/[ђћџљњ]/i.test(text)) return 'sr'
    return /[ыэ]/i.test(text) ? 'ru' : 'bg'
  }
  if (script === 'Latn') return byCommonWords(text)
  return onlyLanguage.get(script) ?? 'und'
}

const onlyLanguage = new Map(
  Object.entries({
    Grek: 'el',
    Hebr: 'he',
    Armn: 'hy',
    Geor: 'ka',
    Ethi: 'am',
    Deva: 'hi',
    Beng: 'bn',
    Guru: 'pa',
    Gujr: 'gu',
    Taml: 'ta',
    Telu: 'te',
    Knda: 'kn',
    Mlym: 'ml',
    Sinh: 'si',
    Thai: 'th',
    Khmr: 'km',
    Mymr: 'my',
    Hang: 'ko',
    Jpan: 'ja',
    Hani: 'zh',
  }),
)

function byCommonWords(text: string): string {
  const words =
    text
      .toLowerCase()
      .match(/\p{L}+/gu)
      ?.slice(0, 400) ?? []
  let best = 'und'
  let most = Math.max(2, words.length * 0.06)
  for (const [language, common] of commonWords) {
    const count = words.filter((word) => common.has(word)).length
    if (count > most) {
      best = language
      most = count
    }
  }
  return best
}

const commonWords = new Map(
  Object.entries({
    en: 'the of and to in is that was for on with by at from',
    de: 'der die das und in den von zu mit ist nicht ein eine auf',
    fr: 'le la les des et en du une est dans que pour qui sur',
    es: 'el la los las de que y en del un una por con se',
    pt: 'o a os as de que e em do da um uma não com',
    it: 'il la di che e un una per con del della non sono gli',
    nl: 'de het een van en in is dat op te niet met voor',
    tr: 've bir bu da de için ile olarak çok daha olan gibi',
    pl: 'w i na z że się do nie jest o od to po',
    cs: 'a v se na je že o s do z ve které který jsou jako pro by také',
    ro: 'și de la în a cu pe că nu este din care pentru mai au un o',
    hu: 'a az és hogy nem is egy volt de ez meg már csak van',
    sv: 'och i att det som en på är av för med till den inte',
    da: 'og i at det som en på er af for med til den ikke',
    no: 'og i å det som en på er av for med til den ikke',
    ku: 'û li de ji bi ku di ev ew ya jî bo',
  }).map(([language, words]) => [language, new Set(words.split(' '))] as const),
)
