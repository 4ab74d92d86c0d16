import { InvalidInput } from '../base/errors.ts'
import type { Prisma } from '../db/client/client.ts'
import { normaliseName } from '../names/names.ts'
import { canonicalLanguage } from '../text/language.ts'
import type { Terms } from './terms.ts'

/**
 * The maximum number of list entries, and the maximum length of an entry and of the attribution, in characters.
 */
const MAX_ENTRIES = 500
const MAX_ENTRY_CHARACTERS = 200
export const MAX_ATTRIBUTION_CHARACTERS = 500

/** The maximum retention, in days. */
const MAX_RETENTION_DAYS = 36_500

/**
 * Validates terms and returns them in canonical form, without repetitions.
 * @throws InvalidInput with the invalid field
 */
export async function checkedTerms(
  db: Pick<Prisma.TransactionClient, 'topic'>,
  terms: Terms,
): Promise<Terms> {
  const { validFrom, validUntil, retentionDays } = terms
  if (validFrom && validUntil && validFrom >= validUntil) {
    throw new InvalidInput('validUntil', '"validUntil" must be later than "validFrom".')
  }
  if (
    retentionDays !== null &&
    !(Number.isInteger(retentionDays) && retentionDays >= 1 && retentionDays <= MAX_RETENTION_DAYS)
  ) {
    throw new InvalidInput(
      'retentionDays',
      `"retentionDays" must be from 1 to ${MAX_RETENTION_DAYS}, or null for no limit.`,
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
    if (slug !== '*' && !parents.has(slug))
      throw new InvalidInput('topics', `There is no topic "${slug}". Use the slug of an existing topic.`)
  }
  for (const slug of sections) {
    if (slug !== '*' && parents.get(slug) !== null) {
      throw new InvalidInput('sections', `"${slug}" is not a section. A section is a topic without a parent.`)
    }
  }
  return { topics, sections }
}

function entries(field: string, list: readonly string[], spell: (text: string) => string): string[] {
  if (list.length > MAX_ENTRIES) {
    throw new InvalidInput(field, `"${field}" has too many entries. The maximum is ${MAX_ENTRIES}.`)
  }
  if (list.some((text) => text.length > MAX_ENTRY_CHARACTERS)) {
    throw new InvalidInput(
      field,
      `An entry of "${field}" is too long. The maximum is ${MAX_ENTRY_CHARACTERS} characters.`,
    )
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

/** The names of agencies, deduplicated by their normalised form. */
function agencies(names: string[]): string[] {
  const byName = new Map<string, string>()
  for (const name of names) {
    const key = name === '*' ? '*' : normaliseName(name)
    if (key === '')
      throw new InvalidInput('agencies', `"${name}" is not the name of an agency: it has no letter or digit.`)
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
      `"attribution" is too long. The maximum is ${MAX_ATTRIBUTION_CHARACTERS} characters.`,
    )
  }
  if (/\p{Cc}/u.test(line))
    throw new InvalidInput('attribution', '"attribution" must be one line without control characters.')
  return line
}
