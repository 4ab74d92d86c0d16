import { checkUrl } from '../articles/check-draft.ts'
import { Forbidden, InvalidInput, NotFound, NotSignedIn } from '../base/errors.ts'
import { type Edit, EditConflict, type Edited, editArticle, type Notice } from '../editing/edit.ts'
import { canceling, commenting, embargoing, releasing, withholding } from '../editing/editorial-status.ts'
import { checkLimits, checkText, MAX_CORRECTION, MAX_NOTICE } from '../editing/limits.ts'
import { publishArticle } from '../editing/publish.ts'
import { builder, ErrorInterface } from '../graphql/builder.ts'
import type { Context } from '../graphql/context.ts'
import { rowIdOf } from '../graphql/ids.ts'
import { Article } from './article.ts'
import { type ArticleChanges, ArticleChangesInput } from './article-input.ts'
import { draftChanges } from './draft-from-input.ts'
import { CorrectionKind } from './image.ts'
import { PublishArticleInput } from './publish-input.ts'

builder.objectType(EditConflict, {
  name: 'EditConflict',
  description: 'The story has moved on since you read it. Nothing was written.',
  interfaces: [ErrorInterface],
  fields: (t) => ({ version: t.exposeInt('version', { description: 'The version that it is at.' }) }),
})

const ArticleEdited = builder.objectRef<Edited>('ArticleEdited').implement({
  description: 'The story as it stands behind your edit.',
  fields: (t) => ({
    article: t.prismaField({
      type: Article,
      description: 'The story.',
      resolve: (query, { id }, _args, { db }) => db.article.findUniqueOrThrow({ ...query, where: { id } }),
    }),
    version: t.exposeInt('version', { description: 'The version to give with your next edit.' }),
    changed: t.exposeBoolean('changed', {
      description: 'False when the story was like that before: then nothing was written.',
    }),
  }),
})

const ID = 'The story.'
const VERSION = 'The version of it that you saw: see Article.version.'

const StoryVersionInput = builder.inputType('StoryVersionInput', {
  description: 'A story, and how you saw it.',
  fields: (t) => ({
    id: t.id({ required: true, description: ID }),
    version: t.int({ required: true, description: VERSION }),
    publicReason: t.string({
      description:
        `For "withholdArticle" and "cancelArticle": the reason in words for the public. At most ${MAX_NOTICE} ` +
        'characters. Sent to the partners that have the story.',
    }),
    advisory: t.string({
      description:
        'For "withholdArticle" and "cancelArticle": instructions to partners that have the story, besides removing ' +
        `it. At most ${MAX_NOTICE} characters.`,
    }),
  }),
})

const UpdateArticleInput = builder.inputType('UpdateArticleInput', {
  description: 'What to change of a story.',
  fields: (t) => ({
    id: t.id({ required: true, description: ID }),
    version: t.int({ required: true, description: VERSION }),
    changes: t.field({ type: ArticleChangesInput, required: true, description: 'What it shall be.' }),
  }),
})

const CorrectArticleInput = builder.inputType('CorrectArticleInput', {
  description: 'What readers are told of a story, and what changes with it.',
  fields: (t) => ({
    id: t.id({ required: true, description: ID }),
    version: t.int({ required: true, description: VERSION }),
    kind: t.field({ type: CorrectionKind, required: true, description: 'What kind of change it is.' }),
    text: t.string({
      required: true,
      description: `The words that readers see, up to ${MAX_CORRECTION} characters.`,
    }),
    changes: t.field({ type: ArticleChangesInput, description: 'What the story shall be from now on.' }),
  }),
})

const EmbargoArticleInput = builder.inputType('EmbargoArticleInput', {
  description: 'Until when a story is held back.',
  fields: (t) => ({
    id: t.id({ required: true, description: ID }),
    version: t.int({ required: true, description: VERSION }),
    until: t.field({
      type: 'DateTime',
      description:
        'The moment at which the embargo lifts by itself; null, which must be written, lifts it now.',
    }),
  }),
})

const SetCommentingInput = builder.inputType('SetCommentingInput', {
  description: 'Whether readers may comment on a story.',
  fields: (t) => ({
    id: t.id({ required: true, description: ID }),
    version: t.int({ required: true, description: VERSION }),
    open: t.boolean({ required: true, description: 'Whether they may.' }),
    closesAt: t.field({ type: 'DateTime', description: 'When comments that are open close by themselves.' }),
  }),
})

builder.mutationFields((t) => {
  const refusals = { errors: { types: [NotSignedIn, Forbidden, InvalidInput] } }
  const failures = { errors: { types: [NotSignedIn, Forbidden, NotFound, InvalidInput, EditConflict] } }
  const forEditors = { type: ArticleEdited, authScopes: { role: 'editor' } } as const
  const seen = { input: t.arg({ type: StoryVersionInput, required: true, description: 'Which one.' }) }
  return {
    publishArticle: t.field({
      ...forEditors,
      ...refusals,
      description: 'Publishes a new story. For editors.',
      args: { input: t.arg({ type: PublishArticleInput, required: true, description: 'The story.' }) },
      resolve: (_root, { input }, context) => publish(input, context),
    }),
    updateArticle: t.field({
      ...forEditors,
      ...failures,
      description: 'Changes a story. For editors.',
      args: { input: t.arg({ type: UpdateArticleInput, required: true, description: 'The changes.' }) },
      resolve: (_root, { input }, context) =>
        edit({ ...seenIn(input), change: changing(input.changes, context) }, context),
    }),
    correctArticle: t.field({
      ...forEditors,
      ...failures,
      description: 'Corrects a story, and tells its readers so: see Article.corrections. For editors.',
      args: { input: t.arg({ type: CorrectArticleInput, required: true, description: 'The correction.' }) },
      resolve: (_root, { input }, context) => {
        const { kind, text, changes } = input
        if (text.trim() === '') throw new InvalidInput('text', 'Say what readers are to know.')
        checkText('text', text, MAX_CORRECTION)
        const change = changing(changes ?? {}, context)
        return edit(
          { ...seenIn(input), change, reason: 'CORRECTED', correction: { kind, text: text.trim() } },
          context,
        )
      },
    }),
    withholdArticle: t.field({
      ...forEditors,
      ...failures,
      description: 'Takes a story from view, everywhere and at once; it may come back. For editors.',
      args: seen,
      resolve: (_root, { input }, context) => edit(withholding(seenIn(input), noticeIn(input)), context),
    }),
    releaseArticle: t.field({
      ...forEditors,
      ...failures,
      description:
        'Puts a story back that was withheld. One that was killed does not come back. For editors.',
      args: seen,
      resolve: (_root, { input }, context) => {
        if (input.publicReason != null || input.advisory != null) {
          throw new InvalidInput('publicReason', 'A story that is released needs no reason: leave it out.')
        }
        return edit(releasing(seenIn(input)), context)
      },
    }),
    cancelArticle: t.field({
      ...forEditors,
      ...failures,
      description: 'Kills a story: takes it from view, everywhere, at once and for good. For editors.',
      args: seen,
      resolve: (_root, { input }, context) => edit(canceling(seenIn(input), noticeIn(input)), context),
    }),
    embargoArticle: t.field({
      ...forEditors,
      ...failures,
      description: 'Holds a story back until a moment, or lifts its embargo now. For editors.',
      args: { input: t.arg({ type: EmbargoArticleInput, required: true, description: 'Until when.' }) },
      resolve: (_root, { input }, context) => {
        if (input.until === undefined) throw new InvalidInput('until', 'Give a moment, or write null.')
        return edit(embargoing(seenIn(input), input.until, context.now), context)
      },
    }),
    setCommenting: t.field({
      ...forEditors,
      ...failures,
      description: 'Opens or closes the comments on a story. For editors.',
      args: {
        input: t.arg({ type: SetCommentingInput, required: true, description: 'What holds from now on.' }),
      },
      resolve: (_root, { input }, context) => {
        const { open, closesAt = null } = input
        return edit(commenting(seenIn(input), { open, closesAt }, context.now), context)
      },
    }),
  }
})

/** The key of the story, and the version of it that the editor saw. */
function seenIn({ id, version }: { id: string; version: number }) {
  return { id: rowIdOf('Article', id), version }
}

/** What partners are told of a story that goes. */
function noticeIn(input: typeof StoryVersionInput.$inferInput): Notice {
  const text = (field: 'publicReason' | 'advisory') => {
    const value = input[field]?.trim() || null
    if (value !== null) checkText(field, value, MAX_NOTICE)
    return value
  }
  return { publicReason: text('publicReason'), advisory: text('advisory') }
}

function edit(what: Edit, context: Context): Promise<Edited> {
  return editArticle(what, context)
}

function changing(changes: ArticleChanges, { publicUrl }: Context): Edit['change'] {
  return async (draft, tx) => ({ ...draft, ...(await draftChanges(changes, tx, publicUrl)) })
}

function publish({ slug, url, ...input }: typeof PublishArticleInput.$inferInput, context: Context) {
  const { embargoedUntil, commenting: comments, ...changes } = input
  checkLimits({ slug, url })
  checkUrl('url', url)
  return publishArticle(async (tx) => {
    const draft = await draftChanges(changes, tx, context.publicUrl)
    const { open, closesAt = null } = comments ?? { open: true }
    return {
      ...draft,
      slug,
      canonicalUrl: url,
      language: input.language,
      headline: input.headline,
      blocks: draft.blocks ?? [],
      embargoedUntil: embargoedUntil ?? null,
      commenting: { open, closesAt },
    }
  }, context)
}
