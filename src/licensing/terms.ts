import type { Licence } from '../db/client/client.ts'

/** What a licence says, whoever holds it. In a list, "*" stands for everything and nothing for nothing. */
export interface Terms
  extends Pick<
    Licence,
    | 'topics'
    | 'sections'
    | 'languages'
    | 'agencies'
    | 'fullText'
    | 'quotations'
    | 'embeds'
    | 'validFrom'
    | 'validUntil'
    | 'retentionDays'
    | 'attribution'
  > {}

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

/** What the public may have of a story in a feed: what readers see, but for the body, which is on the page. */
export const publicTerms: Readonly<Terms> = Object.freeze({
  ...EVERYTHING,
  topics: ['*'],
  sections: ['*'],
  languages: ['*'],
  agencies: ['*'],
  fullText: false,
})

/** What the newsroom itself may have. */
export const newsroomTerms: Readonly<Terms> = Object.freeze({ ...publicTerms, fullText: true })

/** What a licence says that says nothing: nothing is licensed. */
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

/** Whether a list of a licence covers something. */
export function covers(list: readonly string[], ...values: string[]): boolean {
  return list.includes('*') || values.some((value) => list.includes(value))
}

/** Whether a licence is in force at a moment. */
export function isInForce(
  { validFrom, validUntil }: Pick<Terms, 'validFrom' | 'validUntil'>,
  at: Date,
): boolean {
  return (validFrom === null || validFrom <= at) && (validUntil === null || at < validUntil)
}

/** When a licence next comes into or goes out of force; null for never. */
export function nextBoundary(
  { validFrom, validUntil }: Pick<Terms, 'validFrom' | 'validUntil'>,
  now: Date,
): Date | null {
  const ahead = [validFrom, validUntil].filter((moment) => moment !== null && moment > now) as Date[]
  return ahead.sort((a, b) => a.getTime() - b.getTime())[0] ?? null
}
