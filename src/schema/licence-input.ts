import { builder } from '../graphql/builder.ts'
import type { Terms } from '../licensing/terms.ts'

export const LicenceInput = builder.inputType('LicenceInput', {
  description:
    'The licence of a partner. In a list, "*" means everything and an empty list means nothing. Omitted fields ' +
    'keep their value. For a new partner, omitted fields grant nothing.',
  fields: (t) => ({
    topics: t.stringList({ description: 'Slugs of topics. Subtopics are included.' }),
    sections: t.stringList({ description: 'Slugs of sections. A section is a topic without a parent.' }),
    languages: t.stringList({ description: 'BCP 47 tags. "en" includes "en-GB".' }),
    agencies: t.stringList({
      description:
        'Agencies whose images the partner may use, spelled as in Image.agency. The credit line is not compared.',
    }),
    fullText: t.boolean({
      description: 'Whether the body is included. Otherwise, only headline, summary and link are included.',
    }),
    quotations: t.boolean({ description: 'Whether quotation blocks are included.' }),
    embeds: t.boolean({ description: 'Whether social media posts are included.' }),
    validFrom: t.field({ type: 'DateTime', description: 'The start of the licence; null for no limit.' }),
    validUntil: t.field({
      type: 'DateTime',
      description: 'The end of the licence, exclusive; null for no limit.',
    }),
    retentionDays: t.int({
      description:
        'The number of days after publication for which an article may be kept; null for no limit.',
    }),
    attribution: t.string({ description: 'The attribution line, which must be printed with each article.' }),
  }),
})

/** The given terms. Null counts as omitted unless it means no limit. */
export function termsIn(input: { [Term in keyof Terms]?: Terms[Term] | null }): Partial<Terms> {
  const given = Object.entries(input).filter(
    ([term, value]) => value !== undefined && (value !== null || UNLIMITED.has(term)),
  )
  return Object.fromEntries(given)
}

/** Terms for which null means no limit. */
const UNLIMITED: ReadonlySet<string> = new Set(['validFrom', 'validUntil', 'retentionDays'])
