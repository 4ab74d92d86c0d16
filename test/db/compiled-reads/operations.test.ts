import { expect, test } from 'vitest'
import type { Role } from '../../../src/auth/viewer.ts'
import { operationNames, operationText } from '../../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../../support/app.ts'
import { type EventStream, openStream } from '../../support/event-stream.ts'
import type { Json } from '../../support/json.ts'
import { globalId } from '../../support/newsroom.ts'
import { addPartner } from '../../support/partner.ts'

test('no operation of schema/operations has a read that is left to Prisma, except that of the deliveries of a removal', async () => {
  const left: object[] = []
  await using app = await freshApp({
    onReadLeft: (model, operation, args) => left.push({ model, operation, args }),
  })
  const tester = new Tester(app)
  await using streams = await openStreams(tester)
  await edit(tester)
  await comment(tester)
  await read(tester)
  await streams.receive()
  expect([...tester.performed].sort()).toEqual(operationNames())
  expect(left).toMatchObject([{ model: 'Delivery', args: { distinct: ['partnerId', 'via'] } }])
})

/** The streams from which events are received after articles were published and comments submitted. */
async function openStreams({ app, performed }: Tester) {
  const token = await app.token('moderator', { name: 'moderator' })
  const articles = await openStream(app.url, operationText('NewArticles'))
  const queue = await openStream(app.url, operationText('ModerationQueueEvents'), {}, token)
  return {
    async receive() {
      await eventWith(articles, 'article')
      await eventWith(queue, 'decision')
      performed.add('NewArticles').add('ModerationQueueEvents')
    },
    async [Symbol.asyncDispose]() {
      await articles[Symbol.asyncDispose]()
      await queue[Symbol.asyncDispose]()
    },
  }
}

/** Waits for an event that has a field. */
async function eventWith(stream: EventStream, field: string): Promise<void> {
  for await (const { data } of stream.events) {
    if (Object.values<Json>(data?.data ?? {}).some((event) => event?.[field])) return
  }
}

/** Performs operations, and notes which. */
class Tester {
  readonly performed = new Set<string>()
  readonly app: TestApp

  constructor(app: TestApp) {
    this.app = app
  }

  /** The one field of an operation. */
  async perform(name: string, variables: object, role?: Role): Promise<Json> {
    this.performed.add(name)
    const token = role && (await this.app.token(role, { name: role }))
    return Object.values(await this.app.ask<Record<string, Json>>(operationText(name), variables, token))[0]
  }

  /** An edit, which must succeed. Returns the next version. */
  async edit(name: string, input: object): Promise<number> {
    const { __typename: type, version } = await this.perform(name, { input }, 'editor')
    expect(type).toMatch(/Payload$/)
    return version
  }
}

async function edit(tester: Tester): Promise<void> {
  const article = {
    slug: 'first',
    url: 'https://example.org/first',
    language: 'en',
    headline: 'First',
    leadImage: { url: '/pictures/citadel.svg', credit: 'Example' },
    blocks: [{ paragraph: { text: 'Text' } }, { image: { url: '/pictures/bridge.svg' } }],
  }
  await tester.edit('PublishArticle', article)
  const { id } = await tester.perform('ArticlePage', { slug: 'first' })
  let { version } = await tester.perform('ArticleToEdit', { id }, 'editor')
  version = await tester.edit('UpdateArticle', { id, version, changes: { headline: 'Second' } })
  version = await tester.edit('CorrectArticle', { id, version, kind: 'CORRECTION', text: 'The headline.' })
  version = await tester.edit('SetCommenting', { id, version, open: false })
  version = await tester.edit('SetCommenting', { id, version, open: true })
  version = await tester.edit('EmbargoArticle', { id, version, until: '2100-01-01T00:00:00Z' })
  version = await tester.edit('EmbargoArticle', { id, version, until: null })
  version = await tester.edit('WithholdArticle', { id, version, publicReason: 'A check' })
  await tester.edit('ReleaseArticle', { id, version })
  await tester.perform(
    'SetImageRights',
    { input: { url: article.leadImage.url, syndicatable: true } },
    'editor',
  )
  await tester.edit('PublishArticle', {
    ...article,
    slug: 'other',
    url: 'https://example.org/other',
  })
  const other = await tester.perform('ArticlePage', { slug: 'other' })
  await tester.edit('CancelArticle', { id: other.id, version: 1 })
}

async function comment(tester: Tester): Promise<void> {
  const { id: articleId } = await tester.perform('ArticlePage', { slug: 'first' })
  const submitted = []
  for (const body of ['One', 'Two']) {
    submitted.push(await tester.perform('SubmitComment', { input: { articleId, body } }, 'reader'))
  }
  const [approved, rejected] = submitted.map(({ comment: { id } }) => id)
  await tester.perform('ModerationQueue', {}, 'moderator')
  await using stream = await openStream(tester.app.url, operationText('CommentFeed'), { articleId })
  tester.performed.add('CommentFeed')
  await tester.perform('ApproveComments', { ids: [approved] }, 'moderator')
  for await (const { data } of stream.events) if (data?.data?.commentFeed?.comment) break
  const guidelines = ['RELEVANCE']
  await tester.perform('RejectComments', { ids: [rejected], guidelines }, 'moderator')
  await tester.perform('CommentEvents', { articleId })
  await tester.perform('FrontPage', {})
  const banned = { subject: 'reader', status: 'BANNED', reason: 'A test' }
  await tester.perform('SetReaderStatus', { input: banned }, 'admin')
}

/** The queries of the screens. */
async function read(tester: Tester): Promise<void> {
  const { prisma } = tester.app.database
  const person = await prisma.entity.create({ data: { kind: 'PERSON', slug: 'somebody', name: 'Somebody' } })
  const organisation = await prisma.entity.create({
    data: { kind: 'ORGANISATION', slug: 'example', name: 'Example' },
  })
  const partner = await addPartner(prisma)
  const { id: articleId } = await tester.perform('ArticlePage', { slug: 'first' })
  const approved = await prisma.comment.findFirstOrThrow({ where: { status: 'APPROVED' } })
  const comment = globalId('Comment', approved.id)
  const { cursor } = await tester.perform('LinkedComment', { id: comment })
  const queries: [name: string, variables: object, role?: Role][] = [
    ['StoryPage', { slug: 'first' }],
    ['NewsroomPage', { first: 20 }],
    ['NewestArticles', {}],
    ['TopicPage', { slug: 'culture', first: 20 }],
    ['PersonPage', { slug: person.slug, first: 20 }],
    ['OrganisationPage', { slug: organisation.slug, first: 20 }],
    ['SearchPage', { text: 'First', first: 20 }],
    ['Guidelines', {}],
    ['CommentThreads', { id: articleId }],
    ['CommentReplies', { id: comment }],
    ['LinkedComment', { id: comment }],
    ['OwnComments', { articleId }, 'reader'],
    ['WidgetComments', { id: articleId, first: 20 }],
    ['WidgetCommentsAround', { articleId, commentId: comment, cursor, count: 10 }],
    ['WidgetAncestors', { id: comment }],
    ['WidgetReplies', { id: comment, first: 20 }],
    ['WidgetCommenting', { id: articleId }],
    ['WidgetEvents', { articleId }],
    ['WidgetGuidelines', { language: 'en' }],
    ['WidgetOwnComments', { articleId, language: 'en' }, 'reader'],
    ['DeskViewer', {}, 'moderator'],
    ['CommentRecord', { id: comment }, 'moderator'],
    ['Decisions', {}, 'moderator'],
    ['ModerationCounts', {}, 'moderator'],
    ['Readers', {}, 'moderator'],
    ['ReaderPage', { subject: 'reader' }, 'moderator'],
    ['ReaderDetails', { id: globalId('Reader', approved.readerId) }, 'moderator'],
    ['PublicStories', {}, 'moderator'],
    ['StorySearch', { text: 'First' }, 'moderator'],
    ['StoryName', { id: articleId }, 'moderator'],
    ['EditorialArticles', {}, 'editor'],
    ['StoryDetails', { slug: 'first' }, 'editor'],
    ['StoryDraft', { id: articleId }, 'editor'],
    ['CompareVersions', { id: articleId, before: 1, after: 2 }, 'editor'],
    ['Partners', {}, 'admin'],
    ['PartnerDetails', { slug: partner.slug }, 'admin'],
    ['PartnerCoverage', { slug: partner.slug }, 'admin'],
    ['StoryToCover', { slug: 'first' }, 'admin'],
    ['ArticleCoverage', { articleId }, 'admin'],
    ['OpenRecalls', {}, 'admin'],
  ]
  for (const [name, variables, role] of queries) await tester.perform(name, variables, role)
  await using changes = await openStream(tester.app.url, operationText('ArticleChanges'), { articleId })
  const { version } = await tester.perform('ArticleToEdit', { id: articleId }, 'editor')
  await tester.edit('SetCommenting', { id: articleId, version, open: false })
  await eventWith(changes, 'article')
  tester.performed.add('ArticleChanges')
  await using feed = await openStream(tester.app.url, operationText('WidgetFeed'), { articleId })
  await tester.perform('RetractComment', { id: comment, guidelines: ['RELEVANCE'] }, 'moderator')
  await eventWith(feed, 'commentId')
  tester.performed.add('WidgetFeed')
  const removal = { partner: partner.slug, articleId, note: 'By telephone' }
  await tester.perform('RecordRemoval', { input: removal }, 'admin')
}
