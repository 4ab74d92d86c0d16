import { builder } from '../graphql/builder.ts'

export const Decision = builder.prismaObject('Decision', {
  fields: (t) => ({
    verdict: t.expose('verdict', { type: Verdict, description: 'The verdict.' }),
    guidelines: t.field({
      type: [Guideline],
      description: 'The guidelines that the comment breaks.',
      select: (_args, _context, nested) => ({
        guidelines: { select: { guideline: nested(true) }, orderBy: { guideline: { position: 'asc' } } },
      }),
      resolve: ({ guidelines }) => guidelines.map(({ guideline }) => guideline),
    }),
    moderatorName: t.exposeString('moderatorName', { description: 'The name of the moderator.' }),
    note: t.exposeString('note', { nullable: true }),
    at: t.expose('at', { type: 'DateTime', description: 'When the decision was made.' }),
  }),
})

builder.prismaObjectField('Comment', 'decisions', (t) =>
  t.relation('decisions', {
    description: 'The decisions on the comment, earliest first. For moderators.',
    nullable: true,
    authScopes: { role: 'moderator' },
    unauthorizedResolver: () => null,
    query: { orderBy: { at: 'asc' } },
  }),
)

const Verdict = builder.enumType('Verdict', {
  description: 'The decision of a moderator.',
  values: {
    APPROVED: { description: 'Readers may see the comment.' },
    REJECTED: { description: 'The comment breaks a guideline.' },
  } as const,
})

const Guideline = builder.prismaObject('Guideline', {
  fields: (t) => ({
    code: t.exposeString('code', { description: 'The code to use in a rejection.' }),
    title: t.exposeString('title', { description: 'The title.' }),
    description: t.exposeString('description', { description: 'A one-sentence description.' }),
  }),
})

builder.queryField('guidelines', (t) =>
  t.prismaField({
    type: [Guideline],
    description: 'The community guidelines, in display order.',
    resolve: (query, _root, _args, { db }) =>
      db.guideline.findMany({ ...query, orderBy: { position: 'asc' } }),
  }),
)
