import { visibleArticles } from '../articles/visible.ts'
import { Forbidden, InvalidInput, NotFound, NotSignedIn } from '../base/errors.ts'
import { EditConflict, type EditResult } from '../editing/edit.ts'
import { builder, ErrorInterface, type InputFields, type ObjectFields } from '../graphql/builder.ts'
import { rowIdOf } from '../graphql/ids.ts'
import { Article } from './article.ts'

// The common parts of all mutations that change an article.

const ArticleEditPayload = builder.interfaceRef<EditResult>('ArticleEditPayload').implement({
  description: 'The payload of every mutation that changes one article.',
  fields: (t) => ({
    article: t.prismaField({
      type: Article,
      description: 'The article.',
      // A moderator must not see an article that an editor has withheld since.
      resolve: async (query, { id }, _args, context) => {
        const where = { id, AND: visibleArticles(context) }
        const article = await context.db.article.findFirst({ ...query, where })
        if (!article) throw new NotFound('article')
        return article
      },
    }),
    version: t.exposeInt('version', { description: 'The version to pass to the next edit.' }),
    changed: t.exposeBoolean('changed', {
      description: 'False if the edit contained no changes. In this case, nothing was written.',
    }),
  }),
})

/** The payload of a mutation that changes an article. It has the fields of the interface. */
export const editPayload = {
  description: 'The article after the edit.',
  interfaces: [ArticleEditPayload],
  outputFields: (_t: ObjectFields<EditResult>) => ({}),
}

builder.objectType(EditConflict, {
  name: 'EditConflict',
  description: 'Somebody else changed the article after the version that you read. Nothing was written.',
  interfaces: [ErrorInterface],
  fields: (t) => ({ version: t.exposeInt('version', { description: 'The current version.' }) }),
})

/** The required role and the expected errors of a mutation that changes an existing article. */
export const forEditors = {
  authScopes: { role: 'editor' } as const,
  errors: { types: [NotSignedIn, Forbidden, NotFound, InvalidInput, EditConflict] },
}

/** The input fields of a mutation that changes an existing article. */
export const versionRead = (t: InputFields) => ({
  id: t.id({ required: true, description: 'The id of the article.' }),
  version: t.int({ required: true, description: 'The version that you read: see Article.version.' }),
})

/** The row id of the article, and the version that the editor read. */
export function versionReadIn({ id, version }: { id: string; version: number }) {
  return { id: rowIdOf('Article', id), version }
}
