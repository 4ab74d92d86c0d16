import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadNameIndex, saveOrganisation, savePerson } from '../../src/entity/save.ts'
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
    const person = await db.prisma.person.findUniqueOrThrow({
      where: { slug: 'ana-officer' },
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
    const stored = await db.prisma.organisation.findUniqueOrThrow({
      where: { slug: 'popular-forces' },
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
    const { organisationId } = await db.prisma.externalId.findFirstOrThrow({ where: { value: 'Q1' } })
    expect(organisationId).not.toBe(other)
    const names = await loadNameIndex(db.prisma)
    expect(names.findNames('PF and Other Forces').map(({ owner }) => owner)).toEqual([
      { organisation: other },
    ])
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
