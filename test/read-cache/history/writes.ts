import { randomUUID } from 'node:crypto'
import type { ArticleDraft } from '../../../src/articles/draft.ts'
import { saveArticle } from '../../../src/articles/save.ts'
import { loadNameIndex, saveOrganisation, savePerson } from '../../../src/articles/save-entity.ts'
import { notifyPublisher } from '../../../src/bus/notify.ts'
import { readHistory, startNewHistory } from '../../../src/db/history.ts'
import { HISTORY_CHANNEL } from '../../../src/db/history-watch.ts'
import { announceDue } from '../../../src/licensing/due-changes.ts'
import { approve, globalId, reject } from '../../support/newsroom.ts'
import { until } from '../../support/until.ts'
import type { Subjects } from './documents.ts'
import type { ApiWrite, OtherWrite } from './plan.ts'
import type { Gateway, World } from './world.ts'

/** The rows of one history. */
export interface Newsroom extends Subjects {
  keys: { article: string; other: string; person: string; organisation: string; topic: string }
  /** The row ids of the comments. */
  comments: string[]
  drafts: { article: ArticleDraft; other: ArticleDraft }
  count: number
  /** Whether names were changed with SQL: renderings of feeds are kept elsewhere too, and do not notice that. */
  isRenamed: boolean
}

/** Stores two articles with people, topics and comments. */
export async function openNewsroom(world: World): Promise<Newsroom> {
  const { prisma } = world.database
  const name = randomUUID().slice(0, 8)
  const person = await prisma.$transaction((tx) =>
    savePerson(tx, { slug: `person-${name}`, name: `Person ${name}` }),
  )
  const organisation = await prisma.$transaction((tx) =>
    saveOrganisation(tx, { slug: `office-${name}`, name: `Office ${name}` }),
  )
  const parent = await prisma.topic.create({ data: { slug: `section-${name}`, label: 'Section' } })
  const draftOf = (slug: string, language: string): ArticleDraft => ({
    slug: `${slug}-${name}`,
    canonicalUrl: `https://dateline.example/${slug}-${name}`,
    language,
    headline: `Headline ${name}`,
    topic: { slug: `topic-${name}`, label: 'Topic' },
    publishedAt: world.now(),
    leadImage: { url: `https://dateline.example/${name}.jpg`, credit: 'An agency' },
    blocks: [
      { kind: 'PARAGRAPH', text: `Person ${name} visited Office ${name} to see word${name}.` },
      { kind: 'QUOTATION', text: 'Said.', direct: true, speaker: { person: `person-${name}` } },
    ],
    people: [{ person: `person-${name}`, namedIn: 'ARTICLE', rolesAsPrinted: ['witness'] }],
  })
  const drafts = { article: draftOf('article', 'en'), other: draftOf('other', 'de') }
  const article = await save(world, drafts.article)
  const other = await save(world, drafts.other)
  const topic = await prisma.topic.update({
    where: { slug: `topic-${name}` },
    data: { parentId: parent.id },
  })
  const newsroom: Newsroom = {
    article: { id: globalId('Article', article), slug: drafts.article.slug },
    other: { id: globalId('Article', other), slug: drafts.other.slug },
    person: { id: globalId('Person', person), slug: `person-${name}` },
    organisation: { id: globalId('Organisation', organisation), slug: `office-${name}` },
    topic: { id: globalId('Topic', topic.id), slug: topic.slug },
    parentTopic: { slug: parent.slug },
    word: `word${name}`,
    keys: { article, other, person, organisation, topic: topic.id },
    comments: [],
    drafts,
    count: 0,
    isRenamed: false,
    comment: '',
    reply: '',
    pending: '',
  }
  const first = await submit(world.uncached, newsroom, 'two', null)
  await approve(prisma, [first])
  const reply = await submit(world.uncached, newsroom, 'two', first)
  const pending = await submit(world.uncached, newsroom, 'one', null)
  await approve(prisma, [reply])
  newsroom.comment = globalId('Comment', first)
  newsroom.reply = globalId('Comment', reply)
  newsroom.pending = globalId('Comment', pending)
  return newsroom
}

async function save({ database: { prisma }, now }: World, draft: ArticleDraft): Promise<string> {
  return (await saveArticle(prisma, draft, { now: now(), names: await loadNameIndex(prisma) })).id
}

/** @param parent the row id of the comment that it answers */
async function submit(
  { app, tokens }: Gateway,
  newsroom: Newsroom,
  who: 'one' | 'two',
  parent: string | null,
): Promise<string> {
  newsroom.count += 1
  const input = {
    articleId: newsroom.article.id,
    body: `Comment ${newsroom.count} on ${newsroom.word}`,
    parentId: parent && globalId('Comment', parent),
  }
  const { submitComment } = await app.ask(
    `mutation ($input: SubmitCommentInput!) { submitComment(input: $input) {
      __typename ... on SubmitCommentPayload { comment { id } } ... on Error { message } } }`,
    { input },
    tokens[who],
  )
  if (!submitComment.comment) return submitComment.__typename
  const key = Buffer.from(submitComment.comment.id, 'base64').toString().split(':')[1] as string
  newsroom.comments.push(key)
  return key
}

const INPUTS = {
  edit: 'updateArticle',
  correct: 'correctArticle',
  withhold: 'withholdArticle',
  release: 'releaseArticle',
  cancel: 'cancelArticle',
  publish: 'publishArticle',
  imageRights: 'setImageRights',
  licence: 'setLicence',
  embargo: 'embargoArticle',
  closeComments: 'setCommenting',
} as const

/** Makes a write by a mutation. Returns the name of the result's type. */
export async function writeByApi(
  world: World,
  gateway: Gateway,
  newsroom: Newsroom,
  write: ApiWrite,
): Promise<string> {
  const { app, tokens } = gateway
  newsroom.count += 1
  if (write.kind === 'submit') {
    const parent = write.isReply ? (newsroom.comments[0] ?? null) : null
    const made = await submit(gateway, newsroom, write.who, parent)
    return newsroom.comments.includes(made) ? 'SubmitCommentPayload' : made
  }
  if ('picks' in write) {
    const ids = picked(newsroom, write.picks).map((key) => globalId('Comment', key))
    const mutation =
      write.kind === 'approve'
        ? `mutation ($ids: [ID!]!) { result: approveComments(input: { ids: $ids }) { __typename } }`
        : `mutation ($ids: [ID!]!) { result: rejectComments(input: { ids: $ids, guidelines: ["RELEVANCE"] }) { __typename } }`
    return (await app.ask(mutation, { ids }, tokens.moderator)).result.__typename
  }
  const field = INPUTS[write.kind]
  const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input`
  const { result } = await app.ask(
    `mutation ($input: ${type}!) { result: ${field}(input: $input) { __typename ... on Error { message } } }`,
    { input: await inputOf(world, newsroom, write) },
    write.kind === 'licence' ? tokens.admin : tokens.editor,
  )
  return result.__typename
}

type EditorialWrite = Exclude<ApiWrite, { kind: 'submit' } | { picks: number[] }>

async function inputOf(world: World, newsroom: Newsroom, write: EditorialWrite): Promise<object> {
  const { count, word, drafts } = newsroom
  const { version } = await world.database.prisma.article.findUniqueOrThrow({
    where: { id: newsroom.keys.article },
  })
  const edit = { id: newsroom.article.id, version }
  switch (write.kind) {
    case 'publish':
      return {
        slug: `published-${count}-${word}`,
        url: `https://dateline.example/published-${count}-${word}`,
        language: 'de',
        headline: `Published ${count}`,
        blocks: [{ paragraph: { text: `About ${word} and ${personName(newsroom)}.` } }],
        topic: { slug: newsroom.topic.slug },
      }
    case 'imageRights':
      return { url: drafts.article.leadImage?.url, syndicatable: count % 2 === 0 }
    case 'licence':
      return {
        partner: await partnerOf(world),
        licence: { attribution: `By ${word} ${count}`, topics: ['*'] },
      }
    case 'edit':
      return { ...edit, changes: changesOf(newsroom, write.field) }
    case 'correct':
      return {
        ...edit,
        kind: 'CORRECTION',
        text: `Correction ${count}`,
        changes: { kicker: `Kicker ${count}` },
      }
    case 'embargo':
      return { ...edit, until: momentIn(world, write.seconds) }
    case 'closeComments':
      return { ...edit, open: write.seconds !== null, closesAt: momentIn(world, write.seconds) }
    default:
      return edit
  }
}

function momentIn(world: World, seconds: number | null): string | null {
  return seconds === null ? null : new Date(world.now().getTime() + seconds * 1_000).toISOString()
}

function personName({ word }: Newsroom): string {
  return `Person ${word.slice('word'.length)}`
}

function changesOf(newsroom: Newsroom, field: Extract<ApiWrite, { kind: 'edit' }>['field']): object {
  const { count, word } = newsroom
  switch (field) {
    case 'headline':
      return { headline: `Headline ${count}` }
    case 'topic':
      return { topic: { slug: `topic-${count}-${word}`, name: `Topic ${count}` } }
    case 'noTopic':
      return { topic: null }
    case 'language':
      return { language: count % 2 === 0 ? 'de' : 'en' }
    case 'blocks':
      return { blocks: [{ paragraph: { text: `Text ${count} without any name.` } }], people: [] }
    case 'image':
      return {
        leadImage: { url: `https://dateline.example/${count}-${word}.jpg`, credit: `Credit ${count}` },
      }
    case 'person':
      return { people: [{ person: newsroom.person.slug, rolesAsPrinted: [`role ${count}`] }] }
  }
}

async function partnerOf({ uncached: { app, tokens }, database }: World): Promise<string> {
  const known = await database.prisma.partner.findFirst()
  if (known) return known.slug
  await app.ask(
    `mutation { addPartner(input: { slug: "partner", name: "Partner", licence: { sections: ["*"], languages: ["*"] } }) { __typename } }`,
    {},
    tokens.admin,
  )
  return 'partner'
}

function picked({ comments }: Newsroom, picks: readonly number[]): string[] {
  return [...new Set(picks.map((pick) => comments[pick % comments.length] as string))]
}

/** Makes a write of another program, or lets something happen. */
export async function writeElsewhere(world: World, newsroom: Newsroom, write: OtherWrite): Promise<void> {
  const { prisma } = world.database
  newsroom.count += 1
  switch (write.kind) {
    case 'import':
      return importArticle(world, newsroom, write.of)
    case 'sql':
      return void (await writeBySql(world, newsroom, write.what))
    case 'decideElsewhere': {
      const ids = picked(newsroom, write.picks)
      return void (await (write.verdict === 'approve' ? approve : reject)(prisma, ids))
    }
    case 'clock':
      return world.advance(write.seconds)
    case 'announceDue':
      return announceDue({ prisma, bus: notifyPublisher(prisma), now: world.now })
    case 'reconnect':
      for (const gateway of world.gateways) gateway.reconnect()
      return
    case 'newHistory': {
      await startNewHistory(world.database, null)
      await prisma.$executeRaw`SELECT pg_notify(${HISTORY_CHANNEL}, '')`
    }
  }
}

/** Waits until every gateway knows the current history: it is their watch of the history that is not tested here. */
export async function knowHistory({ database, gateways, uncached }: World): Promise<void> {
  const all = [...gateways, uncached]
  const { history } = await readHistory(database)
  for (const gateway of all) gateway.reconnect()
  const known = () => all.map(({ app }) => app.services.commentFeeds.history)
  await until(
    known,
    all.map(() => history),
  )
}

async function importArticle(
  world: World,
  newsroom: Newsroom,
  of: Extract<OtherWrite, { kind: 'import' }>['of'],
): Promise<void> {
  const { drafts, count, word } = newsroom
  if (of === 'article' || of === 'other') {
    drafts[of] = { ...drafts[of], headline: `Imported ${count}`, language: count % 2 === 0 ? 'de' : 'en' }
    await save(world, drafts[of])
    return
  }
  await save(world, {
    ...drafts.article,
    slug: `imported-${count}-${word}`,
    canonicalUrl: `https://dateline.example/imported-${count}-${word}`,
    headline: `Imported ${count}`,
    ...(of === 'embargoed' ? { embargoedUntil: new Date(world.now().getTime() + 30_000) } : {}),
  })
}

function writeBySql(
  { database: { prisma } }: World,
  newsroom: Newsroom,
  what: Extract<OtherWrite, { kind: 'sql' }>['what'],
): Promise<unknown> {
  const { count, keys, word } = newsroom
  switch (what) {
    case 'newTopic':
      return prisma.topic.create({
        data: { slug: `new-${count}-${word}`, label: 'New', parentId: keys.topic },
      })
    case 'renameTopic':
      return prisma.topic.update({ where: { id: keys.topic }, data: { label: `Topic ${count}` } })
    case 'moveTopic':
      return prisma.topic.update({ where: { id: keys.topic }, data: { parentId: null } })
    case 'topicSlug':
      return prisma.topic.update({ where: { id: keys.topic }, data: { slug: `renamed-${count}-${word}` } })
    case 'renamePerson':
      return prisma.entity.update({ where: { id: keys.person }, data: { name: `Renamed ${count}` } })
    case 'personSlug': {
      const slug = `renamed-${count}-${word}`
      newsroom.drafts = {
        article: naming(slug, newsroom.drafts.article),
        other: naming(slug, newsroom.drafts.other),
      }
      return prisma.entity.update({ where: { id: keys.person }, data: { slug } })
    }
    case 'describePerson':
      return prisma.entity.update({ where: { id: keys.person }, data: { description: `Person ${count}.` } })
    case 'addName':
      return prisma.name.create({
        data: { entityId: keys.person, kind: 'ALIAS', text: `Alias ${count}`, normalised: `alias ${count}` },
      })
    case 'addPerson':
      return prisma.$transaction((tx) =>
        savePerson(tx, { slug: `another-${count}-${word}`, name: `Another ${word}` }),
      )
    case 'affiliation':
      return prisma.affiliation.create({
        data: { personId: keys.person, organisationId: keys.organisation, title: `Title ${count}` },
      })
    case 'guideline':
      return prisma.guideline.update({
        where: { code: 'RELEVANCE' },
        data: { title: `Relevance ${count} ${word}` },
      })
  }
}

/** A draft that names a person, also as the speaker of its quotation. */
function naming(person: string, draft: ArticleDraft): ArticleDraft {
  return {
    ...draft,
    blocks: draft.blocks.map((block) =>
      block.kind === 'QUOTATION' ? { ...block, speaker: { person } } : block,
    ),
    people: draft.people?.map((each) => ({ ...each, person })),
  }
}
