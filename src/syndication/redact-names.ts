import { articleFields, fieldsWith } from '../articles/fields.ts'
import { escapeRegExp } from '../base/map-strings.ts'
import type { NamedIn } from '../db/client/client.ts'
import { mergeWithinParts } from './appearances.ts'
import type {
  ArticleBlock,
  EntityAppearance,
  FullArticle,
  ImageWithRights,
  LicensedArticle,
  LicensedEntity,
} from './licensed-article.ts'

/** The shown parts of an article that can name people and organisations. */
interface Shown {
  body: readonly ArticleBlock<ImageWithRights>[]
  leadImage: ImageWithRights | null
}

/**
 * The people and organisations that the shown parts still name, with their roles. For example, the photographer
 * of a removed image or the speaker of a removed quotation must not stay in the lists, and a person whom the text
 * names must not be listed as the photographer of a removed image.
 */
export function redactNames(
  article: FullArticle,
  shown: Shown,
): Pick<LicensedArticle, 'people' | 'organisations'> {
  const { people, organisations } = article
  if (!isRedacted(article, shown)) return { people, organisations }
  const texts = textsOf(article, shown)
  const whole = Object.values(texts).join('\n').toLowerCase()
  const spellings = spellingsIn(article)
  const left = (all: readonly EntityAppearance[]) => {
    const appearances = all.flatMap(({ entity, namedIn, rolesAsPrinted }) => {
      const names = [entity.name, ...(spellings.get(entity.id) ?? [])]
      const parts = partsThatName(entity, names, { texts, shown })
      // A byline is never removed.
      const part = namedIn === 'BYLINE' || parts.includes(namedIn) ? namedIn : parts[0]
      const printed = rolesAsPrinted.filter((role) => prints(whole, role.toLowerCase()))
      return part ? [{ entity, namedIn: part, rolesAsPrinted: printed }] : []
    })
    return mergeWithinParts(appearances)
  }
  return { people: left(people), organisations: left(organisations) }
}

/** The spellings of each name in the body. */
function spellingsIn({ body }: FullArticle): Map<string, Set<string>> {
  const spellings = new Map<string, Set<string>>()
  for (const { entity, surface } of body.flatMap((block) => ('mentions' in block ? block.mentions : []))) {
    spellings.set(entity.id, (spellings.get(entity.id) ?? new Set()).add(surface))
  }
  return spellings
}

/** Whether any part was removed. */
function isRedacted({ body, leadImage }: FullArticle, shown: Shown): boolean {
  return shown.body.length < body.length || (leadImage !== null && shown.leadImage === null)
}

/** The parts of the shown article that name an entity. */
function partsThatName(
  entity: LicensedEntity,
  names: readonly string[],
  { texts, shown }: { texts: Record<NamedIn, string>; shown: Shown },
): NamedIn[] {
  const parts = Object.keys(texts) as NamedIn[]
  return parts.filter(
    (part) =>
      names.some((name) => prints(texts[part], name)) ||
      (part === 'ARTICLE' && shown.body.some((block) => refersTo(block, entity))),
  )
}

function refersTo(block: ArticleBlock<ImageWithRights>, { id }: LicensedEntity): boolean {
  if (!('mentions' in block)) return false
  if (block.mentions.some(({ entity }) => entity.id === id)) return true
  return (
    block.kind === 'QUOTATION' &&
    [block.quotation.speaker, block.quotation.viaOrganisation].some((each) => each?.id === id)
  )
}

/** The shown texts of each part, without the data of mentions. */
function textsOf(article: FullArticle, { body, leadImage }: Shown): Record<NamedIn, string> {
  const texts: Record<NamedIn, (string | null | undefined)[]> = {
    ARTICLE: [article.dateline?.text],
    CAPTION: [],
    CREDIT: [],
    BYLINE: [],
  }
  for (const name of fieldsWith({ kind: 'text', licensed: true })) {
    texts[articleFields[name].namesCountTo ?? 'ARTICLE'].push(article[name])
  }
  for (const image of [leadImage, ...body.map((block) => (block.kind === 'IMAGE' ? block.image : null))]) {
    texts.CAPTION.push(image?.caption)
    texts.CREDIT.push(image?.credit, image?.photographer, image?.agency)
  }
  for (const block of body) {
    if ('text' in block) texts.ARTICLE.push(block.text)
    if (block.kind === 'QUOTATION') texts.ARTICLE.push(block.quotation.roleAsPrinted, block.quotation.via)
    if (block.kind === 'EMBED') texts.ARTICLE.push(block.embed.authorName, block.embed.text)
  }
  const joined = Object.entries(texts).map(([part, lines]) => [part, lines.filter(Boolean).join('\n')])
  return Object.fromEntries(joined) as Record<NamedIn, string>
}

/** Whether a text contains the words as whole words: "Ali" is not in "Alicante". */
function prints(text: string, words: string): boolean {
  const literal = escapeRegExp(words.trim())
  return literal !== '' && new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, 'u').test(text)
}
