import type { GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType } from 'graphql'
import { isUnionType } from 'graphql'
import { expect, test } from 'vitest'
import { schema } from '../../src/schema/schema.ts'

/** The names that apps are built on. A type may have more. */
const contract: Record<string, string[]> = {
  Query: [
    'node(id)',
    'article(slug, id)',
    'articles(first, after, last, before, filter)',
    'person(slug, id)',
    'people',
    'organisation(slug, id)',
    'organisations',
    'topics',
    'search(text)',
    'guidelines',
    'viewer',
    'moderationQueue(first, after, filter)',
    'commentEvents(articleId, after, first)',
  ],
  Article: [
    'id',
    'slug',
    'url',
    'language',
    'headline',
    'standfirst',
    'dateline',
    'topic',
    'publishedAt',
    'updatedAt',
    'version',
    'leadImage',
    'body',
    'people',
    'organisations',
    'commentCount',
    'comments(first, after, last, before)',
    'feedCursor',
  ],
  Dateline: ['text', 'place', 'region'],
  Topic: ['slug', 'name'],
  Image: ['url', 'alt', 'caption', 'credit'],
  Person: ['id', 'name'],
  Organisation: ['id', 'name'],
  Comment: [
    'id',
    'body',
    'author',
    'submittedAt',
    'approvedAt',
    'parent',
    'replies(first, after)',
    'replyCount',
    'thread(first, after)',
    'rejectedFor',
  ],
  CommentConnection: ['edges', 'pageInfo', 'totalCount'],
  CommentEventConnection: ['edges', 'pageInfo'],
  Author: ['displayName'],
  Mutation: ['submitComment(input)', 'approveComments(input)', 'rejectComments(input)'],
  SubmitCommentInput: ['articleId', 'body', 'parentId'],
  ApproveCommentsInput: ['ids'],
  RejectCommentsInput: ['ids', 'guidelines', 'note'],
  Subscription: ['commentFeed(articleId, after)'],
  CommentApproved: ['cursor', 'commentCount', 'comment'],
  CommentRetracted: ['cursor', 'commentCount', 'commentId'],
  FeedReset: ['cursor', 'reason'],
}

type WithFields = GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType

test.each(Object.entries(contract))('%s keeps its names', (type, promised) => {
  const fields = (schema.getType(type) as WithFields | undefined)?.getFields() ?? {}
  const missing = promised.filter((text) => {
    const [, name = '', args = ''] = /^(\w+)(?:\((.*)\))?$/.exec(text) ?? []
    const field = fields[name]
    const known = field && 'args' in field ? field.args.map((arg) => arg.name) : []
    return !field || args.split(', ').some((arg) => arg !== '' && !known.includes(arg))
  })
  expect(missing).toEqual([])
})

test('what a story names comes with the role as printed', () => {
  const nameOf = (type: string, field: string) =>
    String((schema.getType(type) as GraphQLObjectType).getFields()[field]?.type).replace(/[[\]!]/g, '')
  const people = (schema.getType(nameOf('Article', 'people')) as GraphQLObjectType).getFields()
  expect(Object.keys(people)).toEqual(expect.arrayContaining(['person', 'roleAsPrinted']))
  const organisations = (schema.getType(nameOf('Article', 'organisations')) as GraphQLObjectType).getFields()
  expect(Object.keys(organisations)).toContain('organisation')
})

test('the comment feed is a union of three', () => {
  const union = schema.getType('CommentFeedEvent')
  const types = isUnionType(union) ? union.getTypes().map(({ name }) => name) : []
  expect(types.toSorted()).toEqual(['CommentApproved', 'CommentRetracted', 'FeedReset'])
})
