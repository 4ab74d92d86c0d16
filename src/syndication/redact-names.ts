import { fieldsWith } from '../articles/fields.ts'
import { escapeRegExp } from '../base/map-strings.ts'
import type {
  ArticleBlock,
  EntityAppearance,
  FullArticle,
  ImageWithRights,
  LicensedArticle,
  LicensedEntity,
  LicensedEntityWithRoles,
} from './licensed-article.ts'

/** The shown parts of an article that can name people and organisations. */
interface Shown {
  body: readonly ArticleBlock<ImageWithRights>[]
  leadImage: ImageWithRights | null
}

/**
 * The people and organisations that the shown parts still name, with their roles. For example, the photographer
 * of a removed image or the speaker of a removed quotation must not stay in the lists.
 */
export function redactNames(
  article: FullArticle,
  shown: Shown,
): Pick<LicensedArticle, 'people' | 'organisations'> {
  const taken = takenFrom(article, shown)
  const text = textOf(article, shown)
  const spellings = spellingsIn(article)
  const isNamed = (named: EntityAppearance) => isStillNamed(named, { taken, text, shown, spellings })
  const left = (all: readonly EntityAppearance[]) => once(all.filter(isNamed), taken ? text : null)
  return { people: left(article.people), organisations: left(article.organisations) }
}

/** The people and organisations of the whole article, deduplicated. */
export function allEntities({
  people,
  organisations,
}: FullArticle): Pick<LicensedArticle, 'people' | 'organisations'> {
  return { people: once(people, null), organisations: once(organisations, null) }
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
function takenFrom({ body, leadImage }: FullArticle, shown: Shown): boolean {
  return shown.body.length < body.length || (leadImage !== null && shown.leadImage === null)
}

function isStillNamed(
  { entity, namedIn }: EntityAppearance,
  {
    taken,
    text,
    shown,
    spellings,
  }: { taken: boolean; text: string; shown: Shown; spellings: Map<string, Set<string>> },
): boolean {
  // A byline is never removed.
  if (!taken || namedIn === 'BYLINE') return true
  return (
    [entity.name, ...(spellings.get(entity.id) ?? [])].some((name) => prints(text, name)) ||
    shown.body.some((block) => names(block, entity))
  )
}

function names(block: ArticleBlock<ImageWithRights>, { id }: LicensedEntity): boolean {
  if (!('mentions' in block)) return false
  if (block.mentions.some(({ entity }) => entity.id === id)) return true
  return (
    block.kind === 'QUOTATION' &&
    [block.quotation.speaker, block.quotation.viaOrganisation].some((each) => each?.id === id)
  )
}

/** All shown texts, without the data of mentions. */
function textOf(article: FullArticle, { body, leadImage }: Shown): string {
  const texts = fieldsWith({ kind: 'text', licensed: true }).map((name) => article[name])
  const images = [leadImage, ...body.map((block) => (block.kind === 'IMAGE' ? block.image : null))]
  const around = images.flatMap((image) => [
    image?.caption,
    image?.credit,
    image?.photographer,
    image?.agency,
  ])
  const words = body.flatMap((block) => {
    if (block.kind === 'QUOTATION') return [block.text, block.quotation.roleAsPrinted, block.quotation.via]
    if (block.kind === 'EMBED') return [block.embed.authorName, block.embed.text]
    return 'text' in block ? [block.text] : []
  })
  return [...texts, article.dateline?.text, ...around, ...words].filter(Boolean).join('\n')
}

/**
 * Deduplicates entities and merges their roles; if parts were removed, only roles that the rest still prints.
 */
function once(named: readonly EntityAppearance[], printedIn: string | null): LicensedEntityWithRoles[] {
  const entities = new Map<string, LicensedEntityWithRoles>()
  for (const { entity, rolesAsPrinted } of named) {
    const known = entities.get(entity.id) ?? { ...entity, rolesAsPrinted: [] }
    for (const role of rolesAsPrinted) {
      const isPrinted = printedIn === null || prints(printedIn.toLowerCase(), role.toLowerCase())
      if (isPrinted && !known.rolesAsPrinted.includes(role)) known.rolesAsPrinted.push(role)
    }
    entities.set(entity.id, known)
  }
  return [...entities.values()]
}

/** Whether a text contains the words as whole words: "Ali" is not in "Alicante". */
function prints(text: string, words: string): boolean {
  const literal = escapeRegExp(words.trim())
  return literal !== '' && new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, 'u').test(text)
}
