import { Forbidden, InvalidInput, NotFound, NotSignedIn } from '../base/errors.ts'
import { EditConflict, type EditResult } from '../editing/edit.ts'
import { builder, ErrorInterface } from '../graphql/builder.ts'
import { rowIdOf } from '../graphql/ids.ts'
import { Article } from './article.ts'

// The common parts of all mutations that change an article.

const ArticleEdited = builder.objectRef<EditResult>('ArticleEdited').implement({
  description: 'The article after the edit.',
  fields: (t) => ({
    article: t.prismaField({
      type: Article,
      description: 'The article.',
      resolve: (query, { id }, _args, { db }) => db.article.findUniqueOrThrow({ ...query, where: { id } }),
    }),
    version: t.exposeInt('version', { description: 'The version to pass to the next edit.' }),
    changed: t.exposeBoolean('changed', {
      description: 'False if the edit contained no changes. In this case, nothing was written.',
    }),
  }),
})

builder.objectType(EditConflict, {
  name: 'EditConflict',
  description: 'Somebody else changed the article after the version that you read. Nothing was written.',
  interfaces: [ErrorInterface],
  fields: (t) => ({ version: t.exposeInt('version', { description: 'The current version.' }) }),
})

/** The result and the required role of a mutation that changes an article. */
export const forEditors = { type: ArticleEdited, authScopes: { role: 'editor' } } as const

/** The expected errors of a mutation that changes an existing article. */
export const editErrors = {
  errors: { types: [NotSignedIn, Forbidden, NotFound, InvalidInput, EditConflict] },
}

// The descriptions of two fields that each input has.
export const ARTICLE_ID = 'The id of the article.'
export const VERSION_READ = 'The version that you read: see Article.version.'

/** The row id of the article, and the version that the editor read. */
export function versionReadIn({ id, version }: { id: string; version: number }) {
  return { id: rowIdOf('Article', id), version }
}
