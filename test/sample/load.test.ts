import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { notifyPublisher } from '../../src/bus/notify.ts'
import { decide } from '../../src/comments/decide.ts'
import { submitComment } from '../../src/comments/submit.ts'
import { articles } from '../../src/sample/articles/index.ts'
import { loadSample } from '../../src/sample/load.ts'
import { organisations } from '../../src/sample/organisations.ts'
import { people } from '../../src/sample/people.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

/** The people and organisations that the first story's facts list, and where the page names them. */
const firstArticle = {
  people: {
    ARTICLE: [
      'abu-mahdi-al-muhandis',
      'barham-salih',
      'emmanuel-macron',
      'fatih-yildiz',
      'mike-pompeo',
      'qais-al-khazali',
      'tahsin-al-khafaji',
    ],
    CAPTION: ['bashar-al-assad'],
    CREDIT: ['moadh-al-dulaimi'],
  },
  organisations: {
    ARTICLE: [
      'arab-league',
      'asaib-ahl-al-haq',
      'iraqi-ministry-of-defense',
      'islamic-state',
      'popular-mobilization-forces',
      'rudaw',
      'syrian-democratic-forces',
    ],
    CREDIT: ['afp'],
  },
}

describe('a newsroom filled with the sample', () => {
  let database: TestDatabase
  const load = () => loadSample(depsOf(database))

  beforeAll(async () => {
    database = await freshDatabase()
    await load()
  })
  afterAll(() => database.close())

  test('has every person, organisation and story', async () => {
    const { prisma } = database
    expect(await prisma.entity.count({ where: { kind: 'PERSON' } })).toBe(people.length)
    expect(await prisma.entity.count({ where: { kind: 'ORGANISATION' } })).toBe(organisations.length)
    expect(await prisma.article.count()).toBe(articles.length)
  })

  test('stays as it is when it is filled again', async () => {
    const before = await counts(database)
    await load()
    expect(await counts(database)).toEqual(before)
  })

  test('tells of the first story all that the facts list', async () => {
    const article = await database.prisma.article.findUniqueOrThrow({
      where: { slug: articles[0]!.slug },
      include: {
        entities: { include: { entity: true } },
        leadImage: true,
        quotations: true,
        blocks: { include: { embed: true } },
      },
    })
    for (const [place, slugs] of Object.entries(firstArticle.people)) {
      const named = article.entities.filter(({ kind, namedIn }) => kind === 'PERSON' && namedIn === place)
      expect(named.map(({ entity }) => entity.slug).sort()).toEqual(slugs)
      expect(named.filter(({ rolesAsPrinted }) => rolesAsPrinted.length === 0)).toEqual([])
    }
    for (const [place, slugs] of Object.entries(firstArticle.organisations)) {
      const named = article.entities.filter(
        ({ kind, namedIn }) => kind === 'ORGANISATION' && namedIn === place,
      )
      expect(named.map(({ entity }) => entity.slug)).toEqual(expect.arrayContaining(slugs))
    }
    expect(article.leadImage).toMatchObject({ credit: 'Moadh al-Dulaimi / AFP', agency: 'AFP' })
    expect(article.datelineText).toBe('ERBIL, Kurdistan Region')
    expect(article.quotations.some(({ direct }) => direct)).toBe(true)
    expect(article.quotations.find(({ via }) => via === 'a readout of the presidency')?.direct).toBe(false)
    expect(article.blocks.find(({ embed }) => embed)?.embed?.handle).toBe('@SecPompeo')
    const paragraphs = article.blocks.filter(({ kind }) => kind === 'PARAGRAPH').length
    expect(paragraphs).toBeGreaterThanOrEqual(17)
  })

  test('links the story that says only "ISIS" to the organisation that is also Daesh', async () => {
    const found = await database.prisma.article.findMany({
      where: {
        entities: { some: { entity: { names: { some: { text: 'Daesh' } } }, namedIn: 'ARTICLE' } },
      },
    })
    expect(found.map(({ slug }) => slug)).toContain('last-isis-territory-in-syria-falls')
  })

  test('finds in the text all whom each story says it names', async () => {
    const named = await database.prisma.articleEntity.findMany({
      where: { namedIn: 'ARTICLE', kind: 'PERSON' },
      include: { entity: { include: { mentions: true } }, article: true },
    })
    const missed = named.filter(
      ({ entity, articleId }) => !entity.mentions.some((mention) => mention.articleId === articleId),
    )
    expect(missed.map(({ article, entity }) => `${article.slug}: ${entity.slug}`)).toEqual([])
  })

  test('counts approved comments, and has taken one down', async () => {
    const { prisma } = database
    const first = await prisma.article.findUniqueOrThrow({ where: { slug: articles[0]!.slug } })
    const approved = await prisma.comment.count({ where: { articleId: first.id, status: 'APPROVED' } })
    expect(first.commentCount).toBe(approved)
    expect(await prisma.feedEntry.count({ where: { kind: 'RETRACTED' } })).toBe(1)
  })
})

function depsOf({ prisma }: TestDatabase): Parameters<typeof loadSample>[0] {
  const person = (role: 'reader' | 'moderator', subject: string, displayName: string, at: Date) => ({
    prisma,
    bus: notifyPublisher(prisma),
    viewer: { role, subject, displayName, expiresAt: null },
    now: () => at,
  })
  return {
    prisma,
    now: () => new Date(),
    submit: async ({ reader, at, ...submission }) =>
      (await submitComment(submission, person('reader', reader.subject, reader.displayName, at))).id,
    decide: async ({ commentId, at, ...ruling }) => {
      const deps = person('moderator', 'sample-moderator', 'Moderator on duty', at)
      const [outcome] = await decide({ ...ruling, ids: [commentId] }, deps)
      if (outcome && 'failure' in outcome) throw outcome.failure
    },
  }
}

async function counts({ prisma }: TestDatabase): Promise<Record<string, number>> {
  return {
    entities: await prisma.entity.count(),
    names: await prisma.name.count(),
    affiliations: await prisma.affiliation.count(),
    topics: await prisma.topic.count(),
    articles: await prisma.article.count(),
    revisions: await prisma.revision.count(),
    blocks: await prisma.block.count(),
    images: await prisma.image.count(),
    mentions: await prisma.mention.count(),
    readers: await prisma.reader.count(),
    comments: await prisma.comment.count(),
    decisions: await prisma.decision.count(),
    feed: await prisma.feedEntry.count(),
  }
}
