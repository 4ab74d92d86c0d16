import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PersonDraft } from '../../src/articles/draft.ts'
import { saveEntities } from '../../src/articles/save-entities.ts'
import { loadNameIndex, saveOrganisation, savePerson } from '../../src/articles/save-entity.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

describe('people and organisations', () => {
  let db: TestDatabase
  beforeEach(async () => {
    db = await freshDatabase()
  })
  afterEach(() => db.close())

  const forces = {
    slug: 'popular-forces',
    name: 'Popular Forces',
    names: [{ text: 'PF', kind: 'ACRONYM' as const }],
    externalIds: { wikidata: 'Q1' },
  }
  const officer = {
    slug: 'ana-officer',
    name: 'Ana Officer',
    affiliations: [{ organisation: 'popular-forces', title: 'spokesperson', from: new Date('2019-01-01') }],
  }

  it('saved twice are stored once, with one canonical name', async () => {
    const ids = [await saveOrganisation(db.prisma, forces), await saveOrganisation(db.prisma, forces)]
    expect(ids[0]).toBe(ids[1])
    await savePerson(db.prisma, officer)
    await savePerson(db.prisma, officer)
    const person = await db.prisma.entity.findUniqueOrThrow({
      where: { kind_slug: { kind: 'PERSON', slug: 'ana-officer' } },
      include: { names: true, affiliations: true },
    })
    expect(person.names).toMatchObject([
      { text: 'Ana Officer', kind: 'CANONICAL', script: 'Latn', normalised: 'ana officer' },
    ])
    expect(person.affiliations).toMatchObject([{ title: 'spokesperson', organisationId: ids[0] }])
  })

  it('gain what a later draft adds, and lose nothing', async () => {
    await saveOrganisation(db.prisma, forces)
    await saveOrganisation(db.prisma, {
      ...forces,
      name: 'The Popular Forces',
      description: 'An umbrella of units.',
      names: [{ text: 'القوات الشعبية', kind: 'TRANSLITERATION', language: 'ar' }],
      externalIds: { isni: '7' },
    })
    const stored = await db.prisma.entity.findUniqueOrThrow({
      where: { kind_slug: { kind: 'ORGANISATION', slug: 'popular-forces' } },
      include: { names: { orderBy: { text: 'asc' } }, externalIds: true },
    })
    expect(stored).toMatchObject({ name: 'Popular Forces', description: 'An umbrella of units.' })
    expect(stored.names.map(({ text, kind, script }) => `${text} ${kind} ${script}`)).toEqual([
      'PF ACRONYM Latn',
      'Popular Forces CANONICAL Latn',
      'The Popular Forces ALIAS Latn',
      'القوات الشعبية TRANSLITERATION Arab',
    ])
    expect(stored.externalIds).toHaveLength(2)
  })

  it('never take a name or an external id from another', async () => {
    await saveOrganisation(db.prisma, forces)
    const other = await saveOrganisation(db.prisma, { ...forces, slug: 'other-forces', name: 'Other Forces' })
    const { entityId } = await db.prisma.externalId.findFirstOrThrow({ where: { value: 'Q1' } })
    expect(entityId).not.toBe(other)
    const names = await loadNameIndex(db.prisma)
    expect(names.findNames('PF and Other Forces').map(({ owner }) => owner)).toEqual([
      { kind: 'ORGANISATION', id: other },
    ])
  })

  it('keep the description and the end of a post that they have, and gain those that they lack', async () => {
    await saveOrganisation(db.prisma, forces)
    const until = (to?: string) => ({
      ...officer,
      affiliations: [{ ...officer.affiliations[0]!, to: to ? new Date(to) : undefined }],
    })
    const read = () =>
      db.prisma.entity.findUniqueOrThrow({
        where: { kind_slug: { kind: 'PERSON', slug: 'ana-officer' } },
        include: { affiliations: true, names: true, externalIds: true },
      })
    await savePerson(db.prisma, until())
    expect((await read()).affiliations).toMatchObject([{ to: null }])
    await savePerson(db.prisma, {
      ...until('2020-01-01'),
      description: 'An officer.',
      externalIds: { viaf: '9' },
    })
    await savePerson(db.prisma, { ...until('2021-01-01'), description: 'Another.', name: 'A. Officer' })
    const later = { organisation: 'popular-forces', title: 'spokesperson', from: new Date('2022-01-01') }
    await savePerson(db.prisma, { ...officer, affiliations: [later, { ...later, title: 'head' }] })
    const person = await read()
    expect(person).toMatchObject({ name: 'Ana Officer', description: 'An officer.' })
    expect(person.externalIds).toMatchObject([{ scheme: 'viaf', value: '9' }])
    expect(person.names.map(({ text, kind }) => `${text} ${kind}`).toSorted()).toEqual([
      'A. Officer ALIAS',
      'Ana Officer CANONICAL',
    ])
    const posts = person.affiliations.map(({ title, from, to }) => [title, from, to])
    expect(posts).toHaveLength(3)
    expect(posts).toContainEqual(['spokesperson', new Date('2019-01-01'), new Date('2020-01-01')])
    expect(posts).toContainEqual(['spokesperson', new Date('2022-01-01'), null])
    expect(posts).toContainEqual(['head', new Date('2022-01-01'), null])
  })

  it('are the same saved together as one by one', async () => {
    const drafts = {
      organisations: [
        {
          ...forces,
          description: 'An umbrella.',
          names: [{ text: 'PF', kind: 'ACRONYM' as const, language: 'en' }],
        },
        { slug: 'other', name: 'Other Forces', externalIds: { wikidata: 'Q1', isni: '2' } },
      ],
      people: [
        {
          ...officer,
          description: 'An officer.',
          names: [{ text: 'آنا', kind: 'TRANSLITERATION' as const, language: 'ar', script: 'Arab' }],
          externalIds: { viaf: '9' },
          affiliations: [
            {
              organisation: 'other',
              title: 'head',
              from: new Date('2019-01-01'),
              to: new Date('2020-01-01'),
            },
          ],
        },
        { slug: 'bo', name: 'Bo', affiliations: [{ organisation: 'popular-forces', title: 'member' }] },
      ],
    }
    const content = async ({ prisma }: TestDatabase) => {
      const parts = {
        slug: true,
        name: true,
        description: true,
        names: { omit: { id: true, entityId: true }, orderBy: { text: 'asc' } },
        externalIds: { select: { scheme: true, value: true }, orderBy: { scheme: 'asc' } },
      } as const
      const affiliations = {
        select: { title: true, from: true, to: true, organisation: { select: { slug: true } } },
      } as const
      return {
        organisations: await prisma.entity.findMany({
          where: { kind: 'ORGANISATION' },
          select: parts,
          orderBy: { slug: 'asc' },
        }),
        people: await prisma.entity.findMany({
          where: { kind: 'PERSON' },
          select: { ...parts, affiliations },
          orderBy: { slug: 'asc' },
        }),
      }
    }
    await using single = await freshDatabase()
    for (const draft of drafts.organisations) await saveOrganisation(single.prisma, draft)
    for (const draft of drafts.people) await savePerson(single.prisma, draft)
    const expected = await content(single)
    expect(expected.organisations.map(({ externalIds }) => externalIds.length)).toEqual([1, 1])
    await saveEntities(db.prisma, drafts)
    expect(await content(db)).toEqual(expected)
    await saveEntities(db.prisma, drafts)
    expect(await content(db)).toEqual(expected)
    const late = { description: 'Late.' }
    await saveEntities(db.prisma, {
      organisations: [{ ...drafts.organisations[1]!, ...late }],
      people: [{ ...drafts.people[1]!, ...late, externalIds: { viaf: '7' } }],
    })
    const { organisations, people } = await content(db)
    expect(organisations.find(({ slug }) => slug === 'other')).toMatchObject({ description: 'Late.' })
    expect(people.find(({ slug }) => slug === 'bo')).toMatchObject({
      description: 'Late.',
      externalIds: [{ value: '7' }],
    })
  })

  it('saved together are refused like one by one', async () => {
    for (const [field, person] of [
      ['slug', { slug: 'Not A Slug', name: 'X' }],
      ['name', { slug: 'x', name: '…' }],
      ['name', { slug: 'x', name: 'X', names: [{ text: '!', kind: 'ALIAS' as const }] }],
      ['affiliations', { slug: 'x', name: 'X', affiliations: [{ organisation: 'nobody', title: 'head' }] }],
    ] as const) {
      await expect(
        saveEntities(db.prisma, { organisations: [], people: [person as PersonDraft] }),
      ).rejects.toMatchObject({ code: 'INVALID_INPUT', field })
    }
  })

  it('are refused with a name that has no letters, or an affiliation with nobody', async () => {
    await expect(savePerson(db.prisma, { slug: 'x', name: '…' })).rejects.toMatchObject({ field: 'name' })
    await expect(savePerson(db.prisma, { slug: 'Not A Slug', name: 'X' })).rejects.toMatchObject({
      field: 'slug',
    })
    const nowhere = { slug: 'y', name: 'Y', affiliations: [{ organisation: 'nobody', title: 'head' }] }
    await expect(savePerson(db.prisma, nowhere)).rejects.toMatchObject({ field: 'affiliations' })
  })
})
