import { queryFromInfo } from '@pothos/plugin-prisma'
import type { GraphQLResolveInfo } from 'graphql'
import { InvalidInput } from '../base/errors.ts'
import {
  type CommentCounts as Counts,
  countComments,
  MAX_COMMENT_COUNT,
} from '../comments/readers/comment-counts.ts'
import { findReaders, MIN_NAME_CHARACTERS } from '../comments/readers/find-readers.ts'
import { batchLoader } from '../graphql/batch-loader.ts'
import { builder } from '../graphql/builder.ts'
import { NODES, nestedPage, pageComplexity, rootPage, totalOf } from '../graphql/connections.ts'
import type { Context } from '../graphql/context.ts'
import { rowIdIn } from '../graphql/ids.ts'
import { keyset, type PageArguments, pageSizeOf } from '../graphql/keyset.ts'
import { NAME_SEARCH_COMPLEXITY } from '../graphql/limits.ts'
import type { Selected } from '../graphql/selected-fields.ts'
import { Comment, CommentConnection, CommentStatus } from './comment.ts'
import { bySubmissionLatestFirst } from './comment-list.ts'
import { Reader, ReaderStatus } from './reader.ts'

// Readers and their comments: for moderators.

const CommentCounts = builder.objectRef<Counts>('CommentCounts').implement({
  description: `The numbers of comments by status. Each is at most ${MAX_COMMENT_COUNT.toLocaleString('en')}.`,
  fields: (t) => ({
    pending: t.exposeInt('PENDING', { description: 'The number of pending comments.' }),
    approved: t.exposeInt('APPROVED', { description: 'The number of approved comments.' }),
    rejected: t.exposeInt('REJECTED', { description: 'The number of rejected and retracted comments.' }),
  }),
})

const loadCounts = batchLoader<string, Context, Counts>(countComments)

builder.prismaObjectFields('Reader', (t) => ({
  commentCounts: t.field({
    type: CommentCounts,
    description: 'The numbers of comments of the reader, by status.',
    select: { id: true },
    resolve: ({ id }, _args, context) => loadCounts(id, context),
  }),
  comments: t.connection(
    {
      type: Comment,
      description: 'The comments of the reader, latest first.',
      args: { status: t.arg({ type: CommentStatus, description: 'Filters by status.' }) },
      complexity: pageComplexity,
      select: (args, _context, nested, selected?: Selected) => {
        const where = args.status == null ? {} : { status: args.status }
        return {
          comments: nestedPage(bySubmissionLatestFirst, args, [where], nested),
          ...totalOf('comments', where, selected),
        }
      },
      resolve: ({ comments, _count }, args) => ({
        ...bySubmissionLatestFirst.page(comments, args),
        totalCount: () => _count.comments,
      }),
    },
    CommentConnection,
  ),
}))

const ReaderFilter = builder.inputType('ReaderFilter', {
  description: 'Filters readers. All given conditions must match.',
  fields: (t) => ({
    search: t.string({
      description: `Filters by a part of the display name, at least ${MIN_NAME_CHARACTERS} characters, or by the whole subject.`,
    }),
    status: t.field({ type: ReaderStatus, description: 'Filters by status.' }),
  }),
})

/** Newest first: row ids grow with time. */
const newestFirst = keyset<{ id: string }>({ field: 'id', direction: 'desc', kind: 'uuid' })

builder.queryFields((t) => ({
  reader: t.prismaField({
    type: Reader,
    nullable: true,
    description: 'Finds a reader by id or by the subject at the identity provider. For moderators.',
    authScopes: { role: 'moderator' },
    args: {
      id: t.arg.id({ description: 'The id. Give either the id or the subject.' }),
      subject: t.arg.string({ description: 'The subject. Give either the id or the subject.' }),
    },
    resolve: (query, _root, { id, subject }, { db }) => {
      if ((id == null) === (subject == null))
        throw new InvalidInput('subject', 'Give either "id" or "subject".')
      const where = subject == null ? { id: rowIdIn('Reader', id as string) } : { subject }
      return db.reader.findUnique({ ...query, where })
    },
  }),
  readers: t.connection(
    {
      type: Reader,
      description: 'Readers who have commented or were banned, newest first. For moderators.',
      authScopes: { role: 'moderator' },
      args: { filter: t.arg({ type: ReaderFilter, description: 'Filters readers.' }) },
      complexity: (args) => ({
        ...pageComplexity(args),
        field: args.filter?.search == null ? 1 : NAME_SEARCH_COMPLEXITY,
      }),
      resolve: async (_root, args, context, info) => {
        const { search, status = null } = args.filter ?? {}
        if (search != null)
          return newestFirst.page(await found({ search, status }, args, context, info), args)
        const where = { status: status ?? undefined }
        const page = rootPage(newestFirst, args, [where], context, info)
        return newestFirst.page(await context.db.reader.findMany(page), args)
      },
    },
    { name: 'ReaderConnection' },
    { name: 'ReaderEdge' },
  ),
}))

interface Search {
  search: string
  status: typeof ReaderStatus.$inferType | null
}

/** The readers on a page of a search, in its order. */
async function found(
  { search, status }: Search,
  args: PageArguments,
  context: Context,
  info: GraphQLResolveInfo,
) {
  const { size, backwards } = pageSizeOf(args)
  const after = args.after == null ? null : newestFirst.read(args.after, 'after').id
  const before = args.before == null ? null : newestFirst.read(args.before, 'before').id
  const page = { after, before, take: size + 1, backwards }
  const ids = await findReaders({ text: search, status, page }, context)
  const query = queryFromInfo({ context, info, path: NODES, select: { id: true } })
  const rows = await context.db.reader.findMany({ ...query, where: { id: { in: ids } } })
  const rowOf = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => rowOf.get(id) ?? [])
}
