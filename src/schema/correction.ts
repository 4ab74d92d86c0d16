import { builder } from '../graphql/builder.ts'
import { type Selected, selectedColumns } from '../graphql/selected-fields.ts'
import type { ArticleCorrection } from '../syndication/licensed-article.ts'

export const CorrectionKind = builder.enumType('CorrectionKind', {
  description: 'The kind of correction.',
  values: {
    CORRECTION: { description: 'Corrects an error.' },
    CLARIFICATION: { description: 'Clarifies a statement.' },
    UPDATE: { description: 'Adds new information.' },
    RETRACTION: { description: 'Retracts the article.' },
  } as const,
})

/** A correction notice, in an article and in its licensed version. */
export const Correction = builder.objectRef<ArticleCorrection>('Correction').implement({
  description: 'A correction notice, which must be shown to readers.',
  fields: (t) => ({
    kind: t.expose('kind', { type: CorrectionKind, description: 'The kind of correction.' }),
    text: t.exposeString('text', { description: 'The text that readers see.' }),
    version: t.exposeInt('version', { description: 'The version that contains the correction.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When the correction was published.' }),
  }),
})

const columns = { kind: true, text: true, version: true, at: true } as const

builder.prismaObjectField('Article', 'corrections', (t) =>
  t.field({
    type: [Correction],
    description: 'The correction notices, newest first.',
    select: (_args, _context, _nested, selected?: Selected) => ({
      corrections: { select: selectedColumns(columns, selected), orderBy: { at: 'desc' } },
    }),
    resolve: ({ corrections }) => corrections,
  }),
)
