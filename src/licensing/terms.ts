import type { Licence, Prisma } from '../db/client/client.ts'

/** The columns of a licence that are its terms. */
export const termColumns = {
  topics: true,
  sections: true,
  languages: true,
  agencies: true,
  fullText: true,
  quotations: true,
  embeds: true,
  validFrom: true,
  validUntil: true,
  retentionDays: true,
  attribution: true,
} as const satisfies Prisma.LicenceSelect

/** The terms of a licence. In a list, "*" means everything and an empty list means nothing. */
export interface Terms extends Pick<Licence, keyof typeof termColumns> {}

const EVERYTHING = {
  topics: ['*'],
  sections: ['*'],
  languages: ['*'],
  quotations: true,
  embeds: true,
  validFrom: null,
  validUntil: null,
  retentionDays: null,
  attribution: '',
} as const

/** The terms of the public for feeds: what readers see, without the body, which is on the page. */
export const publicTerms: Readonly<Terms> = Object.freeze({
  ...EVERYTHING,
  topics: ['*'],
  sections: ['*'],
  languages: ['*'],
  agencies: ['*'],
  fullText: false,
})

/** The terms of the newsroom. */
export const newsroomTerms: Readonly<Terms> = Object.freeze({ ...publicTerms, fullText: true })

/** The terms of an empty licence: nothing is licensed. */
export const noTerms: Readonly<Terms> = Object.freeze({
  topics: [],
  sections: [],
  languages: [],
  agencies: [],
  fullText: false,
  quotations: false,
  embeds: false,
  validFrom: null,
  validUntil: null,
  retentionDays: null,
  attribution: '',
})

/** Whether a list of a licence includes one of the values. */
export function covers(list: readonly string[], ...values: string[]): boolean {
  return list.includes('*') || values.some((value) => list.includes(value))
}

/** Whether a licence is in force at a time. */
export function isInForce(
  { validFrom, validUntil }: Pick<Terms, 'validFrom' | 'validUntil'>,
  at: Date,
): boolean {
  return (validFrom === null || validFrom <= at) && (validUntil === null || at < validUntil)
}

const DAY_MS = 24 * 60 * 60 * 1000

/** How long after its publication a partner may keep an article, in ms; null for no limit. */
export function retentionMs({ retentionDays }: Pick<Terms, 'retentionDays'>): number | null {
  return retentionDays === null ? null : retentionDays * DAY_MS
}

/** When the right to an article ends by the retention of a licence; null for never. */
export function lapsesAt(
  { publishedAt }: { publishedAt: Date },
  terms: Pick<Terms, 'retentionDays'>,
): Date | null {
  const ms = retentionMs(terms)
  return ms === null ? null : new Date(publishedAt.getTime() + ms)
}

/** When a licence next starts or ends; null for never. */
export function nextBoundary(
  { validFrom, validUntil }: Pick<Terms, 'validFrom' | 'validUntil'>,
  now: Date,
): Date | null {
  const ahead = [validFrom, validUntil].filter((moment) => moment !== null && moment > now) as Date[]
  return ahead.sort((a, b) => a.getTime() - b.getTime())[0] ?? null
}
