import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PrismaClient } from '../../src/db/client/client.ts'
import { migrate } from '../../src/db/migrate.ts'
import type { Audience } from '../../src/licensing/audience.ts'
import { newsroomTerms } from '../../src/licensing/terms.ts'
import { loadArticles } from '../../src/syndication/load.ts'
import { project } from '../../src/syndication/project.ts'
import { databaseBefore } from './database-before.ts'

// Before, each use of an image was a row with its own rights. Now the rights are stored once for each URL.

const BEFORE = '20261129213300'
const NOW = new Date('2026-03-01T12:00:00Z')

interface OldImage {
  url: string
  agency: string | null
  syndicatable: boolean
  /** Null was possible, and meant nobody. */
  partners: string[] | null
  caption: string
}

interface OldArticle {
  lead: OldImage | null
  body: OldImage[]
  edited: boolean
}

const anyImage = fc.record({
  url: fc.constantFrom('a.jpg', 'b.jpg', `${'x'.repeat(5_000)}.jpg`),
  agency: fc.constantFrom(null, 'Alpha', 'Beta', 'Alpha / Beta'),
  syndicatable: fc.boolean(),
  partners: fc.constantFrom<(string[] | null)[]>(
    null,
    [],
    ['wire'],
    ['daily', 'wire'],
    ['daily'],
    ['daily', 'post'],
  ),
  caption: fc.string({ minLength: 1, maxLength: 5, unit: 'grapheme-ascii' }),
})

const anyArticle: fc.Arbitrary<OldArticle> = fc.record({
  lead: fc.option(anyImage),
  body: fc.array(anyImage, { maxLength: 3 }),
  edited: fc.boolean(),
})

/** Articles that share the URLs of images. */
const anyGroup = fc.array(anyArticle, { minLength: 1, maxLength: 4 })

const audiences: Extract<Audience, { kind: 'partner' }>[] = ['wire', 'daily', 'post', 'other'].flatMap(
  (slug) =>
    [[], ['Alpha'], ['Alpha', 'Beta'], ['*']].map((agencies) => ({
      kind: 'partner' as const,
      id: slug,
      slug,
      terms: { ...newsroomTerms, agencies },
    })),
)

/** Writes an article as the version before did. Returns its id. */
async function write(
  client: PrismaClient,
  slug: string,
  { lead, body, edited }: OldArticle,
): Promise<string> {
  const id = crypto.randomUUID()
  const image = async ({ url, agency, syndicatable, partners, caption }: OldImage) => {
    const imageId = crypto.randomUUID()
    await client.$executeRaw`
      INSERT INTO "Image" ("id", "url", "caption", "credit", "agency", "syndicatable", "partners")
      VALUES (${imageId}::uuid, ${url}, ${caption}, ${`Credit ${caption}`}, ${agency}, ${syndicatable}, ${partners}::text[])`
    return imageId
  }
  const leadImageId = lead && (await image(lead))
  await client.$executeRaw`
    INSERT INTO "Article" ("id", "slug", "canonicalUrl", "language", "headline", "publishedAt", "updatedAt", "leadImageId")
    VALUES (${id}::uuid, ${slug}, ${`https://news.example/${slug}`}, 'en', 'News', '2026-01-01', now(), ${leadImageId}::uuid)`
  for (const [i, each] of body.entries()) {
    await client.$executeRaw`
      INSERT INTO "Block" ("id", "articleId", "position", "kind", "imageId")
      VALUES (gen_random_uuid(), ${id}::uuid, ${i + 1}, 'IMAGE', ${await image(each)}::uuid)`
  }
  await client.$executeRaw`
    INSERT INTO "Revision" ("articleId", "version", "at", "snapshot", "editor", "fingerprint")
    VALUES (${id}::uuid, 1, now(), ${`{"slug":"${slug}"}`}::jsonb, ${edited ? 'editor-1' : null}, ${slug})`
  return id
}

const imagesOf = ({ lead, body }: OldArticle) => [...(lead ? [lead] : []), ...body]

/** Who may use an image without a licence for its agency; "another" stands for any other partner. */
const allowedBy = ({ syndicatable, partners }: Pick<OldImage, 'syndicatable' | 'partners'>) =>
  ['wire', 'daily', 'post', 'another'].filter((slug) => syndicatable || partners?.includes(slug))

test('no partner gets an image that it could not get before, no use is lost, and narrower rights are announced', {
  timeout: 120_000,
}, async () => {
  await using database = await databaseBefore(BEFORE)
  const { prisma } = database
  const groups = fc.sample(anyGroup, 60).map((group, i) =>
    group.map((article) => {
      const own = (image: OldImage) => ({ ...image, url: `https://pictures.example/${i}/${image.url}` })
      return { ...article, lead: article.lead && own(article.lead), body: article.body.map(own) }
    }),
  )
  const written = new Map<string, OldArticle>()
  for (const [i, group] of groups.entries()) {
    for (const [j, article] of group.entries()) {
      written.set(await write(prisma, `story-${i}-${j}`, article), article)
    }
  }
  await migrate(database)

  const all = [...written.values()].flatMap(imagesOf)
  const images = new Map((await prisma.image.findMany()).map((image) => [image.url, image]))
  expect([...images.keys()].sort()).toEqual([...new Set(all.map(({ url }) => url))].sort())
  for (const image of images.values()) {
    const uses = all.filter(({ url }) => url === image.url)
    const everyUse = uses.map(allowedBy).reduce((a, b) => a.filter((slug) => b.includes(slug)))
    expect(allowedBy(image), JSON.stringify(uses)).toEqual(everyUse)
    const editors = [...written.values()].filter(
      (article) => article.edited && imagesOf(article).some(({ url }) => url === image.url),
    )
    expect(image.rightsSetByEditor).toBe(editors.length > 0)
  }

  const articles = await loadArticles(prisma, [...written.keys()], 'https://gateway.example')
  const narrowed: string[] = []
  for (const [id, old] of written) {
    const after = articles.get(id)!
    const shown = [
      ...(after.leadImage ? [after.leadImage] : []),
      ...after.body.flatMap((block) => (block.kind === 'IMAGE' ? [block.image] : [])),
    ]
    expect(shown).toMatchObject(
      imagesOf(old).map(({ url, agency, caption }) => ({
        url,
        agency,
        caption,
        credit: `Credit ${caption}`,
      })),
    )
    expect(after.leadImage?.url).toBe(old.lead?.url)
    const withOldRights = (image: (typeof shown)[number], { syndicatable, partners }: OldImage) => ({
      ...image,
      syndicatable,
      partners: partners ?? [],
    })
    const before = {
      ...after,
      leadImage: after.leadImage && old.lead && withOldRights(after.leadImage, old.lead),
      body: after.body.map((block, i) =>
        block.kind === 'IMAGE' ? { ...block, image: withOldRights(block.image, old.body[i]!) } : block,
      ),
    }
    for (const audience of audiences) {
      const urls = (article: typeof after) => {
        const version = project(article, audience, NOW)!
        const inBody = version.body.flatMap((block) => (block.kind === 'IMAGE' ? [block.image.url] : []))
        return version.leadImage ? [version.leadImage.url, ...inBody] : inBody
      }
      const could = urls(before)
      expect(urls(after).filter((url) => !could.includes(url))).toEqual([])
    }
    if (imagesOf(old).some((image) => allowedBy(image).length > allowedBy(images.get(image.url)!).length)) {
      narrowed.push(id)
    }
  }

  expect(narrowed.length).toBeGreaterThan(0)
  const changes = await prisma.articleChange.findMany({ orderBy: { position: 'asc' } })
  expect(changes.map(({ articleId }) => articleId)).toEqual(narrowed.toSorted())
  expect(changes.map(({ position }) => position)).toEqual(narrowed.map((_, i) => i + 1))
  expect(new Set(changes.map(({ kind, version }) => `${version} ${kind}`))).toEqual(
    new Set(['2 RIGHTS_CHANGED']),
  )
  for (const { id, version } of await prisma.article.findMany({ select: { id: true, version: true } })) {
    expect(version).toBe(narrowed.includes(id) ? 2 : 1)
    const revisions = await prisma.revision.findMany({
      where: { articleId: id },
      orderBy: { version: 'asc' },
    })
    expect(revisions).toHaveLength(version)
    const [first, last] = [revisions[0]!, revisions.at(-1)!]
    expect(last).toEqual({ ...first, version, at: last.at })
  }
})

test('a row that several places share becomes a use of each', async () => {
  await using database = await databaseBefore(BEFORE)
  const { prisma } = database
  const image = {
    ...{ url: '/shared.jpg', agency: 'Alpha', caption: 'Shared', syndicatable: true, partners: [] },
  }
  const one = await write(prisma, 'one', { lead: image, body: [], edited: false })
  const two = await write(prisma, 'two', { lead: null, body: [], edited: false })
  await prisma.$executeRaw`
    UPDATE "Article" SET "leadImageId" = (SELECT "leadImageId" FROM "Article" WHERE "id" = ${one}::uuid)
    WHERE "id" = ${two}::uuid`
  for (const [position, articleId] of [one, two].entries()) {
    await prisma.$executeRaw`
      INSERT INTO "Block" ("id", "articleId", "position", "kind", "imageId")
      SELECT gen_random_uuid(), ${articleId}::uuid, ${position + 1}, 'IMAGE', "leadImageId" FROM "Article"
      WHERE "id" = ${articleId}::uuid`
  }
  await migrate(database)
  expect(await prisma.image.count()).toBe(1)
  expect(await prisma.imageUse.count()).toBe(4)
  const articles = await loadArticles(prisma, [one, two], 'https://gateway.example')
  for (const { leadImage, body } of articles.values()) {
    const shown = { ...image, url: 'https://gateway.example/shared.jpg' }
    expect(leadImage).toMatchObject(shown)
    expect(body).toMatchObject([{ kind: 'IMAGE', image: shown }])
  }
})
