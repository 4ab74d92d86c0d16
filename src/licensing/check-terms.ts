import { InvalidInput } from '../base/errors.ts'
import type { Prisma } from '../db/client/client.ts'
import { normaliseName } from '../names/names.ts'
import { canonicalLanguage } from '../text/language.ts'
import type { Terms } from './terms.ts'

/** The longest list of a licence, and the longest of its entries and of the attribution line, in characters. */
const MAX_ENTRIES = 500
const MAX_ENTRY_CHARACTERS = 200
export const MAX_ATTRIBUTION_CHARACTERS = 500

/** The longest term, in days. */
const MAX_RETENTION_DAYS = 36_500

/**
 * The terms in the spelling that they are stored in, without repetitions.
 * @throws InvalidInput for terms that no licence can have; its field names the one at fault
 */
export async function checkedTerms(
  db: Pick<Prisma.TransactionClient, 'topic'>,
  terms: Terms,
): Promise<Terms> {
  const { validFrom, validUntil, retentionDays } = terms
  if (validFrom && validUntil && validFrom >= validUntil) {
    throw new InvalidInput('validUntil', 'A licence ends after it begins.')
  }
  if (
    retentionDays !== null &&
    !(Number.isInteger(retentionDays) && retentionDays >= 1 && retentionDays <= MAX_RETENTION_DAYS)
  ) {
    throw new InvalidInput(
      'retentionDays',
      `Stories are kept for 1 to ${MAX_RETENTION_DAYS} days, or without an end.`,
    )
  }
  return {
    ...terms,
    ...(await knownTopics(db, terms)),
    languages: entries('languages', terms.languages, language),
    agencies: agencies(entries('agencies', terms.agencies, oneLine)),
    attribution: attribution(terms.attribution),
  }
}

async function knownTopics(
  db: Pick<Prisma.TransactionClient, 'topic'>,
  terms: Terms,
): Promise<Pick<Terms, 'topics' | 'sections'>> {
  const topics = entries('topics', terms.topics, oneLine)
  const sections = entries('sections', terms.sections, oneLine)
  const known = await db.topic.findMany({
    where: { slug: { in: [...topics, ...sections] } },
    select: { slug: true, parentId: true },
  })
  const parents = new Map(known.map(({ slug, parentId }) => [slug, parentId]))
  for (const slug of topics) {
    if (slug !== '*' && !parents.has(slug)) throw new InvalidInput('topics', `There is no topic "${slug}".`)
  }
  for (const slug of sections) {
    if (slug !== '*' && parents.get(slug) !== null) {
      throw new InvalidInput('sections', `"${slug}" is no section: sections are topics without a parent.`)
    }
  }
  return { topics, sections }
}

function entries(field: string, list: readonly string[], spell: (text: string) => string): string[] {
  if (list.length > MAX_ENTRIES) {
    throw new InvalidInput(field, `"${field}" has at most ${MAX_ENTRIES} entries.`)
  }
  if (list.some((text) => text.length > MAX_ENTRY_CHARACTERS)) {
    throw new InvalidInput(field, `An entry of "${field}" has at most ${MAX_ENTRY_CHARACTERS} characters.`)
  }
  return [...new Set(list.map((text) => (text.trim() === '*' ? '*' : spell(text))))]
}

function language(tag: string): string {
  try {
    return canonicalLanguage(tag.trim())
  } catch (error) {
    throw error instanceof InvalidInput ? new InvalidInput('languages', error.message) : error
  }
}

/** Names of agencies, each once however it is written. */
function agencies(names: string[]): string[] {
  const byName = new Map<string, string>()
  for (const name of names) {
    const key = name === '*' ? '*' : normaliseName(name)
    if (key === '') throw new InvalidInput('agencies', `"${name}" is no name of an agency.`)
    if (!byName.has(key)) byName.set(key, name)
  }
  return [...byName.values()]
}

function oneLine(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim()
}

function attribution(text: string): string {
  const line = oneLine(text)
  if (line.length > MAX_ATTRIBUTION_CHARACTERS) {
    throw new InvalidInput(
      'attribution',
      `The attribution has at most ${MAX_ATTRIBUTION_CHARACTERS} characters.`,
    )
  }
  if (/\p{Cc}/u.test(line)) throw new InvalidInput('attribution', 'The attribution is one line of text.')
  return line
}
