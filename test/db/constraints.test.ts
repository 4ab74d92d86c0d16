import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { countPending } from '../../src/comments/moderation-counts.ts'
import { Prisma } from '../../src/db/client/client.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { indexPlan } from '../support/index-plan.ts'
import { rows } from './rows.ts'

let database: TestDatabase
let make: ReturnType<typeof rows>

beforeAll(async () => {
  database = await freshDatabase()
  make = rows(database.prisma)
})
afterAll(() => database.close())

const at = new Date('2026-01-02T03:04:05Z')

/** Expects PostgreSQL to refuse the work, for the named constraint or in these words. */
async function refused(work: Promise<unknown>, why: string): Promise<void> {
  await expect(work).rejects.toThrow(why)
}

describe('a story', () => {
  test.each(['Upper', 'two--hyphens', '-start', 'end-', 'şiir', 'a b', ''])(
    'cannot have the slug "%s"',
    (slug) => refused(make.article({ slug }), 'Article_slug_form'),
  )

  test('cannot have version 0', () => refused(make.article({ version: 0 }), 'Article_version_from_1'))

  test('cannot have fewer than no comments', () =>
    refused(make.article({ commentCount: -1 }), 'Article_commentCount_not_negative'))

  test('cannot have a feed position below 0', () =>
    refused(make.article({ feedPosition: -1 }), 'Article_feedPosition_not_negative'))

  test('with comments cannot be deleted', async () => {
    const { id } = await make.article()
    await make.comment(id)
    await refused(database.prisma.article.delete({ where: { id } }), 'oreign key')
  })

  test('without comments takes its blocks and revisions along when it is deleted', async () => {
    const { id } = await make.article({
      blocks: { create: { position: 1, kind: 'PARAGRAPH', text: 'Text.' } },
      revisions: { create: { version: 1, at, snapshot: {}, fingerprint: 'f' } },
    })
    await database.prisma.article.delete({ where: { id } })
    expect(await database.prisma.block.count({ where: { articleId: id } })).toBe(0)
    expect(await database.prisma.revision.count({ where: { articleId: id } })).toBe(0)
  })
})

describe('a block', () => {
  const block = (data: object) =>
    make.article({ blocks: { create: { position: 1, kind: 'PARAGRAPH', text: 'Text.', ...data } } })

  test('stands at position 1 or later', () => refused(block({ position: 0 }), 'Block_position_from_1'))

  test.each([1, 7, null])('that is a heading cannot have level %s', (level) =>
    refused(block({ kind: 'HEADING', level }), 'Block_level_of_headings'),
  )

  test('that is no heading has no level', () => refused(block({ level: 2 }), 'Block_level_of_headings'))

  test.each(['PARAGRAPH', 'HEADING', 'QUOTATION'])('that is a %s has text', (kind) =>
    refused(block({ kind, level: kind === 'HEADING' ? 2 : null, text: null }), 'Block_text_where_required'),
  )

  test('that is an image needs no text', () => block({ kind: 'IMAGE', text: null }))
})

describe('a person or an organisation', () => {
  test('shares its slug only with one of the other kind', async () => {
    const data = { slug: 'reuters', name: 'Reuters' }
    await database.prisma.entity.create({ data: { ...data, kind: 'PERSON' } })
    await database.prisma.entity.create({ data: { ...data, kind: 'ORGANISATION' } })
    await refused(database.prisma.entity.create({ data: { ...data, kind: 'PERSON' } }), 'Unique constraint')
  })

  test('that an article names cannot be deleted', async () => {
    const { id: articleId } = await make.article()
    const { id: blockId } = await database.prisma.block.create({
      data: { articleId, position: 1, kind: 'QUOTATION', text: 'Words.' },
    })
    const [listed, mentioned, speaker, source] = [
      await make.person(),
      await make.person(),
      await make.person(),
      await make.organisation(),
    ]
    await database.prisma.articleEntity.create({
      data: { articleId, entityId: listed.id, kind: 'PERSON', namedIn: 'ARTICLE', position: 1 },
    })
    await database.prisma.mention.create({
      data: { articleId, blockId, start: 0, end: 5, surface: 'Words', entityId: mentioned.id },
    })
    await database.prisma.quotation.create({
      data: { articleId, blockId, direct: true, speakerId: speaker.id, viaOrganisationId: source.id },
    })
    for (const { id } of [listed, mentioned, speaker, source]) {
      await refused(database.prisma.entity.delete({ where: { id } }), 'oreign key')
    }
  })

  test('takes its names, external ids and affiliations along when it is deleted', async () => {
    const [{ id }, organisation] = [await make.person(), await make.organisation()]
    await database.prisma.entity.update({
      where: { id },
      data: {
        names: { create: { text: 'Name', normalised: 'name', kind: 'ALIAS' } },
        externalIds: { create: { scheme: 'viaf', value: '1' } },
        affiliations: { create: { title: 'head', organisation: { connect: { id: organisation.id } } } },
      },
    })
    await database.prisma.entity.delete({ where: { id } })
    expect(await database.prisma.name.count({ where: { entityId: id } })).toBe(0)
    expect(await database.prisma.externalId.count({ where: { entityId: id } })).toBe(0)
    expect(await database.prisma.affiliation.count({ where: { personId: id } })).toBe(0)
  })

  test('that has an affiliation does not become one of the other kind', async () => {
    const [person, organisation] = [await make.person(), await make.organisation()]
    await database.prisma.affiliation.create({
      data: { personId: person.id, organisationId: organisation.id, title: 'head' },
    })
    const become = (id: string, kind: 'PERSON' | 'ORGANISATION') =>
      database.prisma.entity.update({ where: { id }, data: { kind } })
    await refused(become(person.id, 'ORGANISATION'), 'Affiliation_kinds')
    await refused(become(organisation.id, 'PERSON'), 'Affiliation_kinds')
  })
})

test('an affiliation is that of a person in an organisation', async () => {
  const [person, organisation] = [await make.person(), await make.organisation()]
  const affiliation = (personId: string, organisationId: string, kinds = {}) =>
    database.prisma.affiliation.create({ data: { personId, organisationId, title: 'head', ...kinds } })
  await refused(affiliation(organisation.id, organisation.id), 'oreign key')
  await refused(affiliation(person.id, person.id), 'oreign key')
  await refused(
    affiliation(organisation.id, organisation.id, { personKind: 'ORGANISATION' }),
    'Affiliation_kinds',
  )
  await refused(affiliation(person.id, person.id, { organisationKind: 'PERSON' }), 'Affiliation_kinds')
  await affiliation(person.id, organisation.id)
})

describe('what an article names', () => {
  const named = async (entityId: string, data: object) => {
    const { id: articleId } = await make.article()
    return database.prisma.articleEntity.create({
      data: { articleId, entityId, kind: 'PERSON', namedIn: 'ARTICLE', position: 1, ...data },
    })
  }

  test('has the kind of the entity', async () => {
    const { id } = await make.person()
    await refused(named(id, { kind: 'ORGANISATION' }), 'oreign key')
    await named(id, { kind: 'PERSON' })
  })

  test('has printed roles only if it is a person', async () => {
    const rolesAsPrinted = ['spokesperson']
    const { id } = await make.organisation()
    await refused(named(id, { kind: 'ORGANISATION', rolesAsPrinted }), 'ArticleEntity_roles_of_people')
    await named((await make.person()).id, { rolesAsPrinted })
  })

  test('stands at position 1 or later', async () => {
    await refused(named((await make.person()).id, { position: 0 }), 'ArticleEntity_position_from_1')
  })
})

describe('a mention', () => {
  const mention = async (data: object) => {
    const { id: articleId } = await make.article()
    const block = await database.prisma.block.create({
      data: { articleId, position: 1, kind: 'PARAGRAPH', text: 'Text.' },
    })
    const { id: entityId } = await make.person()
    const place = { articleId, blockId: block.id, start: 0, end: 4, surface: 'Text' }
    return database.prisma.mention.create({ data: { ...place, entityId, ...data } })
  }

  test('ends after it starts', async () => {
    await refused(mention({ start: 2, end: 2 }), 'Mention_start_before_end')
    await refused(mention({ start: -1 }), 'Mention_start_before_end')
  })

  test('is in a block of its own article', async () => {
    const { id: articleId } = await make.article()
    await refused(mention({ articleId }), 'Mention_blockId_articleId_fkey')
  })

  test('is of a person or an organisation', async () => {
    const { id } = await mention({ entityId: (await make.organisation()).id })
    await refused(
      database.prisma.$executeRaw`UPDATE "Mention" SET "entityId" = NULL WHERE "id" = ${id}::uuid`,
      'null',
    )
    await refused(mention({ entityId: crypto.randomUUID() }), 'oreign key')
  })
})

test('a name belongs to a person or an organisation, and is the only one that it has so', async () => {
  const { id: entityId } = await make.person()
  const data = { text: 'Name', normalised: 'name', kind: 'ALIAS' as const, entityId }
  const { id } = await database.prisma.name.create({ data })
  await refused(database.prisma.name.create({ data }), 'Unique constraint')
  await refused(
    database.prisma.$executeRaw`UPDATE "Name" SET "entityId" = NULL WHERE "id" = ${id}::uuid`,
    'null',
  )
})

test('a quotation is in a block of its own article', async () => {
  const [one, other] = [await make.article(), await make.article()]
  const { id: blockId } = await make.block(one.id, { kind: 'QUOTATION' })
  const create = (articleId: string) =>
    database.prisma.quotation.create({ data: { articleId, blockId, direct: true } })
  await refused(create(other.id), 'Quotation_blockId_articleId_fkey')
  await create(one.id)
  await refused(create(one.id), 'Unique constraint')
})

test('a topic with articles or topics below it cannot be deleted', async () => {
  const { topic } = database.prisma
  const { id } = await topic.create({ data: { slug: 'top', label: 'Top' } })
  const below = await topic.create({ data: { slug: 'below', label: 'Below', parentId: id } })
  await refused(topic.delete({ where: { id } }), 'Topic_parentId_fkey')
  await make.article({ topicId: below.id })
  await refused(topic.delete({ where: { id: below.id } }), 'Article_topicId_fkey')
})

test('an external id belongs to a person or an organisation, and to one only', async () => {
  const data = { scheme: 'wikidata', value: 'Q1' }
  await database.prisma.externalId.create({ data: { ...data, entityId: (await make.person()).id } })
  const other = { ...data, entityId: (await make.organisation()).id }
  await refused(database.prisma.externalId.create({ data: other }), 'Unique constraint')
  await refused(database.prisma.$executeRaw`UPDATE "ExternalId" SET "entityId" = NULL`, 'null')
})

test('a quotation is relayed by an organisation, and by no person', async () => {
  const { id: articleId } = await make.article()
  const { id: blockId } = await database.prisma.block.create({
    data: { articleId, position: 1, kind: 'QUOTATION', text: 'Words.' },
  })
  const quotation = (data: object) =>
    database.prisma.quotation.create({ data: { articleId, blockId, direct: true, ...data } })
  const viaOrganisationId = (await make.person()).id
  await refused(quotation({ viaOrganisationId }), 'oreign key')
  await refused(quotation({ viaOrganisationId, viaOrganisationKind: 'PERSON' }), 'Quotation_via_kind')
  await quotation({ viaOrganisationId: (await make.organisation()).id })
})

describe('a comment', () => {
  test.each([
    ['is empty', '', 'Comment_body_length'],
    ['is longer than 16,000 bytes', 'x'.repeat(16_001), 'Comment_body_length'],
    ['is longer in bytes than in characters', 'é'.repeat(8_001), 'Comment_body_length'],
    ['starts with white space', ' Words.', 'Comment_body_trimmed'],
    ['ends with a no-break space', 'Words.\u00a0', 'Comment_body_trimmed'],
    ['ends with a vertical tab', 'Words.\v', 'Comment_body_trimmed'],
  ])('is refused when its body %s', async (_, body, why) => {
    const { id } = await make.article()
    await refused(make.comment(id, { body }), why)
  })

  test.each(['', 'x'.repeat(1_001)])(
    'is refused when its author has no name, or a book for one',
    async (authorName) => {
      const { id } = await make.article()
      await refused(make.comment(id, { authorName }), 'Comment_authorName_length')
    },
  )

  test('of 300 family emoji is short enough, though it has 2,100 code points', async () => {
    const { id } = await make.article()
    expect(await make.comment(id, { body: '👨‍👩‍👧‍👦'.repeat(300) })).toHaveProperty('id')
  })

  test('of 2,000 characters is stored, and one that ends in a v', async () => {
    const { id } = await make.article()
    await make.comment(id, { body: '𝄞'.repeat(2000) })
    await make.comment(id, { body: 'v for victory, victory for v' })
  })

  test('has a position and a time of approval when it is approved, and only then', async () => {
    const { id } = await make.article()
    const why = 'Comment_placed_when_approved'
    await refused(make.comment(id, { status: 'APPROVED' }), why)
    await refused(make.comment(id, { status: 'APPROVED', position: 1 }), why)
    await refused(make.comment(id, { status: 'APPROVED', approvedAt: at }), why)
    await refused(make.comment(id, { position: 1 }), why)
    await refused(make.comment(id, { status: 'REJECTED', approvedAt: at }), why)
    await refused(
      make.comment(id, { status: 'APPROVED', position: 0, approvedAt: at }),
      'Comment_position_from_1',
    )
  })

  test('shares its position with no other', async () => {
    const { id } = await make.article()
    await make.comment(id, { status: 'APPROVED', position: 1, approvedAt: at })
    await refused(make.comment(id, { status: 'APPROVED', position: 1, approvedAt: at }), 'Unique constraint')
  })

  test('is never edited', async () => {
    const [one, other] = [await make.article(), await make.article()]
    const [parent, comment] = [await make.comment(one.id), await make.comment(one.id)]
    const changes = [
      { body: 'Other words.' },
      { bodyDigest: new Uint8Array(32) },
      { language: 'tr' },
      { articleId: other.id },
      { readerId: parent.readerId },
      { parentId: parent.id },
      { submittedAt: new Date() },
    ]
    for (const data of changes) {
      await refused(database.prisma.comment.update({ where: { id: comment.id }, data }), 'never edited')
    }
  })

  test('answers a comment on its own article only', async () => {
    const [one, other] = [await make.article(), await make.article()]
    const { id: parentId } = await make.comment(one.id)
    await refused(make.comment(other.id, { parentId }), 'Comment_parentId_articleId_fkey')
    await make.comment(one.id, { parentId })
  })

  test('does not answer itself', async () => {
    const { id } = await make.article()
    const own = crypto.randomUUID()
    await refused(make.comment(id, { id: own, parentId: own }), 'Comment_parent_is_other')
  })

  test('that was answered cannot be deleted', async () => {
    const { id } = await make.article()
    const { id: parentId } = await make.comment(id)
    await make.comment(id, { parentId })
    await refused(
      database.prisma.comment.delete({ where: { id: parentId } }),
      'Comment_parentId_articleId_fkey',
    )
  })

  test.each([0, 31, 33])('has a digest of 32 bytes, not of %i', async (length) => {
    const { id } = await make.article()
    await refused(make.comment(id, { bodyDigest: new Uint8Array(length) }), 'Comment_bodyDigest_length')
  })

  test('goes from pending to approved to rejected and never back', async () => {
    const article = await make.article()
    const { id } = await make.comment(article.id)
    const update = (data: object) => database.prisma.comment.update({ where: { id }, data })
    await update({ status: 'APPROVED', position: 1, approvedAt: at })
    await refused(update({ status: 'PENDING', position: null, approvedAt: null }), 'cannot go from APPROVED')
    await update({ status: 'REJECTED', position: null, approvedAt: null })
    await refused(update({ status: 'APPROVED', position: 2, approvedAt: at }), 'cannot go from REJECTED')
  })
})

describe('a decision', () => {
  const comment = async () => make.comment((await make.article()).id)

  test('is the only one of its verdict on the comment', async () => {
    const { id } = await comment()
    await make.decision(id, 'APPROVED')
    await refused(make.decision(id, 'APPROVED'), 'Unique constraint')
  })

  test('that rejects names a guideline, or is not there after the commit', async () => {
    const { id } = await comment()
    await refused(make.decision(id, 'REJECTED'), 'at least one guideline')
    await refused(database.prisma.$transaction([make.decision(id, 'REJECTED')]), 'at least one guideline')
    expect(await database.prisma.decision.count({ where: { commentId: id } })).toBe(0)
    await make.decision(id, 'REJECTED', ['ABUSE', 'THREATS'])
  })

  test('that approves names none', async () => {
    const { id } = await comment()
    await refused(make.decision(id, 'APPROVED', ['ABUSE']), 'names no guideline')
  })

  test('is never changed or removed, nor are its guidelines', async () => {
    const { id } = await make.decision((await comment()).id, 'REJECTED', ['ABUSE'])
    const { decision, decisionGuideline } = database.prisma
    await refused(decision.update({ where: { id }, data: { note: 'Changed.' } }), 'is a record')
    await refused(decision.delete({ where: { id } }), 'is a record')
    await refused(decisionGuideline.deleteMany({ where: { decisionId: id } }), 'is a record')
    await refused(
      decisionGuideline.updateMany({ where: { decisionId: id }, data: { guidelineCode: 'THREATS' } }),
      'is a record',
    )
  })
})

describe('the feed', () => {
  const watched = async () => {
    const { id: articleId } = await make.article()
    const { id: commentId } = await make.comment(articleId)
    return { articleId, commentId }
  }

  test('counts 1, 2, 3 with the article', async () => {
    const { articleId, commentId } = await watched()
    const other = await make.comment(articleId)
    expect((await make.entry(articleId, commentId)).position).toBe(1)
    expect((await make.entry(articleId, other.id)).position).toBe(2)
    expect((await make.entry(articleId, commentId, 'RETRACTED')).position).toBe(3)
  })

  test('takes no entry that is not at the position of its article', async () => {
    const { articleId, commentId } = await watched()
    for (const position of [0, 1, 2]) {
      const data = { articleId, commentId, position, kind: 'APPROVED' as const, at }
      await refused(
        database.prisma.feedEntry.create({ data }),
        position === 0 ? 'FeedEntry_position_from_1' : 'at the feed position',
      )
    }
  })

  test('cannot advance without an entry', async () => {
    const { articleId } = await watched()
    await refused(
      database.prisma.article.update({ where: { id: articleId }, data: { feedPosition: 1 } }),
      'no feed entry stands at',
    )
    await refused(make.article({ feedPosition: 3 }), 'no feed entry stands at')
  })

  test('cannot leave a hole', async () => {
    const { articleId, commentId } = await watched()
    const leap = database.prisma.$transaction([
      database.prisma.article.update({ where: { id: articleId }, data: { feedPosition: 2 } }),
      database.prisma.feedEntry.create({ data: { articleId, commentId, position: 2, kind: 'APPROVED', at } }),
    ])
    await refused(leap, 'no holes')
  })

  test('never goes back', async () => {
    const { articleId, commentId } = await watched()
    await make.entry(articleId, commentId)
    await refused(
      database.prisma.article.update({ where: { id: articleId }, data: { feedPosition: 0 } }),
      'never goes back',
    )
  })

  test('approves and retracts a comment once, in this order', async () => {
    const { articleId, commentId } = await watched()
    await refused(make.entry(articleId, commentId, 'RETRACTED'), 'only an approved comment')
    await make.entry(articleId, commentId)
    await refused(make.entry(articleId, commentId), 'Unique constraint')
    await make.entry(articleId, commentId, 'RETRACTED')
    await refused(make.entry(articleId, commentId, 'RETRACTED'), 'Unique constraint')
  })

  test('tells of no comment on another article', async () => {
    const [one, other] = [await watched(), await watched()]
    await refused(make.entry(one.articleId, other.commentId), 'FeedEntry_commentId_articleId_fkey')
  })

  test('notes the number of approved comments with each entry, whatever the writer says', async () => {
    const { articleId, commentId } = await watched()
    const entry = await database.prisma.$transaction(async (tx) => {
      await tx.article.update({ where: { id: articleId }, data: { feedPosition: 1, commentCount: 7 } })
      return tx.feedEntry.create({
        data: { articleId, commentId, position: 1, kind: 'APPROVED', at, commentCount: 3 },
      })
    })
    expect(entry.commentCount).toBe(7)
  })

  test('keeps its entries as they are', async () => {
    const { articleId, commentId } = await watched()
    await make.entry(articleId, commentId)
    const where = { articleId_position: { articleId, position: 1 } }
    await refused(database.prisma.feedEntry.update({ where, data: { commentCount: 5 } }), 'is a record')
    await refused(database.prisma.feedEntry.update({ where, data: { at: new Date() } }), 'is a record')
    await refused(database.prisma.feedEntry.delete({ where }), 'is a record')
  })

  test('has one epoch', async () => {
    expect(await database.prisma.feedEpoch.count()).toBe(1)
    await refused(database.prisma.feedEpoch.create({ data: { id: 2 } }), 'FeedEpoch_one_row')
  })
})

test('there is one row about the purges of a CDN', async () => {
  expect(await database.prisma.purgeState.count()).toBe(1)
  await refused(database.prisma.purgeState.create({ data: { id: 2 } }), 'PurgeState_one_row')
})

test('the community guidelines are there, in their order', async () => {
  const guidelines = await database.prisma.guideline.findMany({ orderBy: { position: 'asc' } })
  expect(guidelines.map(({ code }) => code)).toEqual([
    'RELEVANCE',
    'PROFANITY',
    'THREATS',
    'PERSONAL_ATTACKS',
    'VULGARITY',
    'ABUSE',
    'PROMOTION',
  ])
})

test('the moderation queue is read from its own index', async () => {
  const plan = await indexPlan(
    database.prisma,
    Prisma.sql`SELECT id FROM "Comment" WHERE status = 'PENDING' ORDER BY "submittedAt", id LIMIT 20`,
  )
  expect(plan).toContain('Comment_pending_idx')
  expect(plan).not.toContain('Sort')
})

test('the counts of the moderation queue are read from its index alone', async () => {
  const sent: Prisma.Sql[] = []
  const db = {
    $queryRaw: (text: TemplateStringsArray, ...values: unknown[]) => {
      sent.push(Prisma.sql(text, ...values))
      return Promise.resolve([])
    },
  }
  await countPending({}, { db: db as unknown as TestDatabase['prisma'] })
  const plan = await indexPlan(database.prisma, sent[0]!)
  expect(plan).toContain('Index Only Scan using "Comment_pending_idx"')
})
