import { SetupError } from '../../base/errors.ts'
import type { Terms } from '../../licensing/terms.ts'

const text = { type: 'string' } as const

/** The command-line options for the terms of a licence. */
export const licenceOptions = {
  topics: text,
  sections: text,
  languages: text,
  agencies: text,
  'full-text': text,
  quotations: text,
  embeds: text,
  from: text,
  until: text,
  'retention-days': text,
  attribution: text,
} as const

export const licenceUsage = `
  --topics LIST        slugs of topics; subtopics are included
  --sections LIST      slugs of sections (topics without a parent)
  --languages LIST     BCP 47 tags; "en" includes "en-GB"
  --agencies LIST      agencies whose images are included, spelled as in Image.agency;
                       the credit line is not compared
  --full-text yes|no   include the body, or only headline, summary and link
  --quotations yes|no  include quotation blocks
  --embeds yes|no      include social media posts
  --from DATE|none     start of the licence: 2026-01-31 or 2026-01-31T09:30:00Z
  --until DATE|none    end of the licence, exclusive
  --retention-days N|none   number of days after publication for which an article may be kept
  --attribution TEXT   attribution line, which must be printed with each article

  LIST: items separated by commas; "*" means everything, and "" means nothing`

type Given = { [Option in keyof typeof licenceOptions]?: string | undefined }

/** The terms from the options. Omitted options are left out. */
export function readTerms(given: Given): Partial<Terms> {
  const terms: { [Term in keyof Terms]?: Terms[Term] | undefined } = {
    topics: list(given.topics),
    sections: list(given.sections),
    languages: list(given.languages),
    agencies: list(given.agencies),
    fullText: yesOrNo('--full-text', given['full-text']),
    quotations: yesOrNo('--quotations', given.quotations),
    embeds: yesOrNo('--embeds', given.embeds),
    validFrom: moment('--from', given.from),
    validUntil: moment('--until', given.until),
    retentionDays: days(given['retention-days']),
    attribution: given.attribution,
  }
  return Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined))
}

function list(given: string | undefined): string[] | undefined {
  return given?.split(',').flatMap((entry) => entry.trim() || [])
}

function yesOrNo(option: string, given: string | undefined): boolean | undefined {
  if (given === undefined) return undefined
  if (given !== 'yes' && given !== 'no') throw new SetupError(`${option} must be yes or no.`)
  return given === 'yes'
}

function moment(option: string, given: string | undefined): Date | null | undefined {
  if (given === undefined) return undefined
  if (given === 'none') return null
  const at = new Date(given)
  const isWritten = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2}))?$/.test(given)
  // JavaScript takes the 30th of February for a day in March.
  const isDay =
    isWritten && new Date(`${given.slice(0, 10)}T00:00:00Z`).getUTCDate() === Number(given.slice(8, 10))
  if (!isDay || Number.isNaN(at.getTime())) {
    throw new SetupError(`${option} must be a date like 2026-01-31 or 2026-01-31T09:30:00Z, or none.`)
  }
  return at
}

function days(given: string | undefined): number | null | undefined {
  if (given === undefined) return undefined
  if (given === 'none') return null
  if (!/^\d{1,6}$/.test(given)) throw new SetupError('--retention-days must be a whole number, or none.')
  return Number(given)
}
