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

/** What an audience is shown of a story that can name somebody. */
interface Shown {
  body: readonly ArticleBlock<ImageWithRights>[]
  leadImage: ImageWithRights | null
}

/**
 * Whom a story still names after something was taken from it, each once, and in which roles. A photographer
 * whose picture is gone, or a speaker whose quotation is, must not be left standing in a list: that would
 * tell what was taken.
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

/** Whom the whole story names, each once. */
export function allEntities({
  people,
  organisations,
}: FullArticle): Pick<LicensedArticle, 'people' | 'organisations'> {
  return { people: once(people, null), organisations: once(organisations, null) }
}

/** How the whole story spells the names in its body. */
function spellingsIn({ body }: FullArticle): Map<string, Set<string>> {
  const spellings = new Map<string, Set<string>>()
  for (const { entity, surface } of body.flatMap((block) => ('mentions' in block ? block.mentions : []))) {
    spellings.set(entity.id, (spellings.get(entity.id) ?? new Set()).add(surface))
  }
  return spellings
}

/** Whether anything was taken from the story. */
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
  // A byline is never taken away.
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

/** Every text that the audience reads, but for the mentions' own data. */
function textOf(
  { kicker, headline, standfirst, byline, dateline }: FullArticle,
  { body, leadImage }: Shown,
): string {
  const furniture = [kicker, headline, standfirst, byline, dateline?.text]
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
  return [...furniture, ...around, ...words].filter(Boolean).join('\n')
}

/** Each once, with all its roles; where something was taken, with those that what is left still prints. */
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

/** Whether a text has words as words of their own: the name "Ali" is not in "Alicante". */
function prints(text: string, words: string): boolean {
  const literal = escapeRegExp(words.trim())
  return literal !== '' && new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, 'u').test(text)
}
