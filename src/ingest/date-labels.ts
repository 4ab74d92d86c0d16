import { plainLetters } from './date-text.ts'

/** What the label before a date says of it. */
export type DateLabel = 'published' | 'updated' | undefined

/** The parts of a text from label to label, each with its label. The part before the first label has none. */
export function labelledParts(text: string): { label: DateLabel; text: string }[] {
  const plain = plainLetters(text)
  const parts: { label: DateLabel; text: string }[] = []
  let start = 0
  let label: DateLabel
  for (const match of plain.matchAll(labels)) {
    parts.push({ label, text: plain.slice(start, match.index) })
    start = match.index + match[0].length
    label = match[1] === undefined ? 'published' : 'updated'
  }
  parts.push({ label, text: plain.slice(start) })
  return parts
}

/** The last label in a text, such as the one before a `<time>`, or in an element's classes. */
export function lastLabel(text: string): DateLabel {
  return labelledParts(text).at(-1)?.label
}

/** Labels in the common languages of news, in the letters of `plainLetters`. */
const updated = [
  'updated?|modified|revised|last[ -_]?(?:updated?|modified|edited)|edited|date-?modified',
  'aktualisiert|aktualisierung|geändert|bearbeitet',
  'mise? à jour|modifiée?|actualisée?',
  'actualizad[oa]|actualización|modificad[oa]',
  'atualizad[oa]|atualização',
  'aggiornat[oa]|aggiornamento|modificat[oa]',
  'bijgewerkt|gewijzigd|laatste update',
  'güncellenme|güncelleme|son güncelleme',
  'aktualizacja|zaktualizowano|обновлено|изменено|оновлено|ενημερώθηκε|ενημέρωση|uppdaterad|oppdatert|opdateret',
  '(?:اخر |تاریخ ال|تم ال)?تحدیث|التحدیث|تعدیل|بروزرسانی|به روزرسانی|نوێکراوەتەوە|نوێکردنەوە',
  'עודכן|更新日?時?|最終更新|수정|업데이트',
]

const published = [
  'published|first published|posted|publication date|date-?published',
  'veröffentlicht|erschienen|erstellt|publiée?|publicad[oa]|publicación|publicação|pubblicat[oa]|gepubliceerd|geplaatst',
  'yayınlanma|yayınlandı|yayın tarihi|opublikowano|опубликовано|опубліковано|δημοσιεύθηκε|δημοσίευση|publicerad|publisert|publiceret',
  '(?:تاریخ ال)?نشر|النشر|انتشار|بڵاوکراوەتەوە|بڵاوکردنەوە',
  'פורסם|公開日?時?|配信|発表|发布|發布|입력|등록',
]

const labels = new RegExp(
  `(?<![\\p{Script=Latin}\\p{Script=Arabic}\\p{Script=Cyrillic}\\p{Script=Greek}\\p{Script=Hebrew}])(?:(${plainLetters(updated.join('|'))})|(?:${plainLetters(published.join('|'))}))(?![\\p{Script=Latin}\\p{Script=Arabic}\\p{Script=Cyrillic}\\p{Script=Greek}\\p{Script=Hebrew}])`,
  'giu',
)
