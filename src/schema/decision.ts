import { hasRole } from '../auth/viewer.ts'
import { guidelineText } from '../comments/guideline-texts.ts'
import { builder } from '../graphql/builder.ts'
import { DEPENDS_ON_VIEWER } from '../graphql/selection.ts'
import { canonicalLanguage } from '../text/language.ts'

export const Decision = builder.prismaObject('Decision', {
  select: {},
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
    moderator: t.exposeString('moderator'),
    moderatorName: t.exposeString('moderatorName', { description: 'The name of the moderator.' }),
    note: t.exposeString('note', { nullable: true }),
    at: t.expose('at', { type: 'DateTime', description: 'When the decision was made.' }),
  }),
})

const earliestFirst = { at: 'asc' } as const

builder.prismaObjectField('Comment', 'decisions', (t) =>
  t.relation('decisions', {
    description: 'The decisions on the comment, earliest first. For moderators.',
    nullable: true,
    authScopes: { role: 'moderator' },
    unauthorizedResolver: () => null,
    query: { orderBy: earliestFirst },
  }),
)

builder.prismaObjectField('Comment', 'rejectedFor', (t) =>
  t.field({
    type: [Guideline],
    nullable: true,
    description:
      'The guidelines that a rejected comment breaks. Null unless the comment is rejected, and you are its author ' +
      'or a moderator.',
    extensions: { [DEPENDS_ON_VIEWER]: true },
    // Without a filter, so that "decisions" can be selected in the same statement.
    select: (_args, _context, nested) => ({
      status: true,
      author: { select: { subject: true } },
      decisions: {
        orderBy: earliestFirst,
        select: {
          verdict: true,
          guidelines: { select: { guideline: nested(true) }, orderBy: { guideline: { position: 'asc' } } },
        },
      },
    }),
    resolve: ({ status, author, decisions }, _args, { viewer }) => {
      const isAuthor = viewer.subject !== null && author.subject === viewer.subject
      if (status !== 'REJECTED' || !(isAuthor || hasRole(viewer, 'moderator'))) return null
      const rejection = decisions.find(({ verdict }) => verdict === 'REJECTED')
      return rejection?.guidelines.map(({ guideline }) => guideline) ?? null
    },
  }),
)

export const Verdict = builder.enumType('Verdict', {
  description: 'The decision of a moderator.',
  values: {
    APPROVED: { description: 'Readers may see the comment.' },
    REJECTED: { description: 'The comment breaks a guideline.' },
  } as const,
})

const inLanguage = builder.args((t) => ({
  language: t.string({
    description:
      'The language, a BCP 47 tag. The guidelines are translated to "ar", "ckb" and "tr". Default: the stored text.',
  }),
}))

const texts = { code: true, title: true, description: true } as const

const tagOf = (language: string | null | undefined) => (language == null ? null : canonicalLanguage(language))

const Guideline = builder.prismaObject('Guideline', {
  select: {},
  fields: (t) => ({
    code: t.exposeString('code', { description: 'The code to use in a rejection.' }),
    title: t.string({
      description: 'The title.',
      args: inLanguage,
      select: texts,
      resolve: (row, { language }) => guidelineText(row, tagOf(language)).title,
    }),
    description: t.string({
      description: 'A one-sentence description.',
      args: inLanguage,
      select: texts,
      resolve: (row, { language }) => guidelineText(row, tagOf(language)).description,
    }),
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
