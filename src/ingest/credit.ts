import { normaliseName } from '../names/names.ts'
import { MAX_LABEL_CHARACTERS } from './page-limits.ts'
import { plain } from './text.ts'

/** The credit line of an image, with its photographer and agency. */
export interface Credit {
  credit: string
  photographer?: string
  agency?: string
}

/**
 * Splits a credit line such as "Name / AFP", "AFP/Getty", "Photo: Name/Reuters" or "(AP Photo/Name)". The
 * photographer is the part that looks like a person's name; the agency is a known agency, or a later part of the line.
 */
export function splitCredit(line: string): Credit | undefined {
  if (line.length > MAX_LABEL_CHARACTERS) return undefined
  const credit = trimmed(
    plain(line)
      .replace(/^[[(]\s*([^\])]*)[\])]$/u, '$1')
      .replace(label, ''),
  )
  if (credit === '' || credit.length > 160 || !/\p{L}/u.test(credit)) return undefined
  const inside = credit.length > 60 ? splitCaption(credit) : undefined
  if (inside?.caption) return inside.credit
  const parts = credit
    .split(/\s*(?:[/|•·()]|\s[–—-]\s|,\s|\bvia\b|\bfor\b|\bfür\b|\bpour\b|\bpara\b|©)\s*/u)
    .map((part) => plain(part.replace(label, '')))
    .filter(Boolean)
  const agencies = parts.filter(isAgency)
  const photographer = parts.find((part) => !isAgency(part) && looksLikePerson(part))
  const agency = [...new Set(agencies.map(agencyName))].join(' / ')
  return { credit, ...(photographer && { photographer }), ...(agency && { agency }) }
}

/** The caption and the credit line of a text with both, such as "… in Erbil. (Photo: Name/AFP)". */
export function splitCaption(text: string): { caption?: string; credit?: Credit } {
  const caption = plain(text.slice(0, MAX_LABEL_CHARACTERS))
  const bracketed = caption.match(/^(.*?)\s*[[(]([^()[\]]{2,90})[\])]\.?$/u)
  if (bracketed && (label.test(bracketed[2]!) || hasAgency(bracketed[2]!))) {
    return result(bracketed[1]!, bracketed[2]!)
  }
  // The labelled part is the end of the caption; `result` trims the text before it.
  const labelled = caption.match(
    /(?<![\p{L}\p{N}])((?:photo(?:graph)?(?: by| credit)?|picture|image(?: credit| source)?|credits?|photo credits?|crédits?(?: photo)?|foto|fotoğraf|bild|صورة|وێنە)\s?[:©/]\s?\S.{1,90}|©\s?\S.{1,90})$/iu,
  )
  if (labelled) return result(caption.slice(0, labelled.index), labelled[1]!)
  const end = caption.slice(-110)
  const tail = end.match(/[.!?؟»”"]\s+((?:[^.!?]{2,60}\s?[/|]\s?)?[^.!?/|]{2,40})$/u)
  if (tail && hasAgency(tail[1]!)) return result(caption.slice(0, -tail[1]!.length), tail[1]!)
  return caption === '' ? {} : { caption }
}

function result(caption: string, credit: string): { caption?: string; credit?: Credit } {
  const split = splitCredit(credit)
  const words = trimmed(caption, /[\s|–—-]/u)
  return { ...(words !== '' && { caption: words }), ...(split && { credit: split }) }
}

/** Whether a short line names an agency or starts with a label such as "Photo:". */
export function isCreditLine(line: string): boolean {
  return line.length <= 160 && (label.test(line) || hasAgency(line))
}

/** A text without such characters at its ends. A loop, because a regular expression would take quadratic time. */
function trimmed(text: string, edge = /[\s:/|;,.–—-]/u): string {
  let start = 0
  let end = text.length
  while (end > start && edge.test(text[end - 1]!)) end -= 1
  while (start < end && /[\s:/|–—-]/u.test(text[start]!)) start += 1
  return text.slice(start, end)
}

/** Labels before a credit. Such a word without punctuation may be part of a name, as in "picture alliance". */
const label =
  /^(?:(?:symbol|file\s)?(?:photos?|photograph|pictures?|images?|credits?|copyright|source|foto|fotos|bild|quelle|crédits?|crédit photo|fotoğraf|fotograf|fot\.|фото|صورة|الصورة|عكس|وێنە|kuva|billede)(?!\p{L})(?:\s?(?:credits?|source|courtesy(?: of)?))?(?:\s?[:：©/]\s?|\s(?:by|de|von|via|courtesy(?: of)?):?\s)|©\s?|\(c\)\s?|by\s)+/iu

function hasAgency(text: string): boolean {
  return text.split(/[/|,]|\s[–—-]\s|\bvia\b/u).some((part) => isAgency(part.replace(label, '')))
}

/** Whether a name is that of a known picture or news agency. */
export function isAgency(name: string): boolean {
  return agencyKey(name) !== undefined
}

function agencyName(name: string): string {
  return agencies.get(agencyKey(name) ?? '') ?? name
}

function agencyKey(name: string): string | undefined {
  const key = normaliseName(name).replace(
    / (?:photos?|images?|pictures|pool|file|archive|handout|via|editorial)$/,
    '',
  )
  if (agencies.has(key)) return key
  const bare = key.replace(/^(?:photo|foto|image|picture)s? /, '')
  return agencies.has(bare) ? bare : undefined
}

/** Known agencies: the stored name, and the names in credit lines. */
const agencies = new Map<string, string>(
  [
    ['AFP', 'Agence France-Presse', 'AFP Getty', 'فرانس برس', 'ا ف ب'],
    ['Reuters', 'Thomson Reuters', 'رويترز'],
    ['AP', 'Associated Press', 'The Associated Press', 'AP Photo'],
    ['Getty Images', 'Getty', 'Getty Images Europe', 'Getty Images North America'],
    ['EPA', 'EPA-EFE', 'EPA EFE', 'European Pressphoto Agency'],
    ['EFE', 'Agencia EFE'],
    [
      'dpa',
      'Deutsche Presse-Agentur',
      'dpa-infocom',
      'dpa-Bildfunk',
      'dpa-Zentralbild',
      'picture alliance',
      'dpa picture alliance',
    ],
    ['Anadolu', 'AA', 'Anadolu Agency', 'Anadolu Ajansı', 'الأناضول'],
    ['DHA', 'Demirören Haber Ajansı'],
    ['İHA', 'İhlas Haber Ajansı'],
    ['PA', 'PA Media', 'PA Wire', 'Press Association', 'PA Images'],
    ['ANSA', 'Agenzia ANSA'],
    ['LaPresse'],
    ['TASS', 'ТАСС'],
    ['Sputnik', 'RIA Novosti', 'РИА Новости'],
    ['Xinhua', '新华社'],
    ['Kyodo', 'Kyodo News', '共同通信'],
    ['Jiji', 'Jiji Press'],
    ['Yonhap', 'Yonhap News', '연합뉴스'],
    ['Bloomberg', 'Bloomberg News'],
    ['Zuma Press', 'Zuma', 'ZUMA Press Wire'],
    ['NurPhoto'],
    ['Shutterstock', 'REX', 'Rex Features'],
    ['Alamy', 'Alamy Stock Photo', 'Alamy Live News'],
    ['iStock', 'iStockphoto'],
    ['Keystone', 'KEYSTONE'],
    ['APA', 'APA PictureDesk'],
    ['IMAGO', 'imago images'],
    ['Belga'],
    ['ANP'],
    ['TT', 'TT Nyhetsbyrån'],
    ['NTB', 'NTB Scanpix', 'Scanpix'],
    ['Ritzau', 'Ritzau Scanpix'],
    ['Lehtikuva'],
    ['PAP'],
    ['CTK', 'ČTK'],
    ['MTI'],
    ['Lusa', 'LUSA'],
    ['Europa Press'],
    ['Canadian Press', 'The Canadian Press'],
    ['AAP', 'AAP Image'],
    ['PTI', 'Press Trust of India'],
    ['ANI'],
    ['IRNA'],
    ['ISNA'],
    ['Mehr News'],
    ['Tasnim'],
    ['SANA', 'سانا'],
    ['INA', 'واع'],
    ['Antara', 'ANTARA FOTO'],
    ['Wikimedia Commons', 'Wikimedia'],
    ['Magnum Photos', 'Magnum'],
  ].flatMap((names) => names.map((name) => [normaliseName(name), names[0]!] as const)),
)

function looksLikePerson(name: string): boolean {
  const parts = name.split(' ')
  if (parts.length < 2 || parts.length > 5 || /[\d@:]|https?|www\./.test(name)) return false
  const cased = parts.filter((part) => /^\p{Ll}/u.test(part)).length
  return (
    cased <= 2 &&
    !/\b(?:images?|photos?|news|media|press|agency|pictures|collection|archive|library|university|ministry|school|board|command|galerie|gallery|sports|club|police|army|government|handout|embassy|office|social|abendblatt|zeitung|agencia|agency)\b/iu.test(
      name,
    )
  )
}
