import type { ArticleDraft, BlockDraft } from '../../../src/articles/draft.ts'
import type { PrismaClient } from '../../../src/db/client/client.ts'
import { addArticle } from '../../support/newsroom.ts'
import { addPartner } from '../../support/partner.ts'
import { articleOf, saveNames } from '../cold/newsroom.ts'

// Articles of usual length, each with images of two agencies, a quotation, a post and a correction, and partners whose
// licences cover all of them, with the images of one agency.

const LICENSED_AGENCY = 'Reuters'
const OTHER_AGENCY = 'AFP'
const FIRST = Date.parse('2025-12-01T00:00:00Z')
const MINUTE_MS = 60_000

export async function fillNewsroom(prisma: PrismaClient, articles: number): Promise<void> {
  await saveNames(prisma)
  for (let i = 0; i < articles; i++) await addArticle(prisma, draftOf(i, 0))
  const rows = await prisma.article.findMany({ select: { id: true } })
  await prisma.correction.createMany({
    data: rows.map(({ id: articleId }) => {
      return {
        articleId,
        kind: 'CORRECTION',
        text: 'The number of piers was wrong.',
        version: 1,
        at: new Date(0),
      }
    }),
  })
}

/** Changes the text of the last articles, so that each has a new version and an entry of the change sequence. */
export async function editLast(
  prisma: PrismaClient,
  articles: number,
  count: number,
  edit: number,
): Promise<void> {
  for (let i = articles - count; i < articles; i++) await addArticle(prisma, draftOf(i, edit))
}

/** Adds a partner. Returns its API key. */
export async function addReader(prisma: PrismaClient): Promise<string> {
  const quota = { quotaPerMinute: 1_000_000, quotaPerDay: 1_000_000 }
  const { key } = await addPartner(prisma, { ...quota, licence: { agencies: [LICENSED_AGENCY] } })
  return key
}

function draftOf(i: number, edit: number): Partial<ArticleDraft> {
  const { blocks, leadImage, ...article } = articleOf(i)
  const person = article.people[0]?.person
  const bodyImage = `https://images.dateline.example/${article.slug}/body.jpg`
  // Before the time at which it is stored: otherwise it is under embargo first.
  const publishedAt = new Date(FIRST + i * MINUTE_MS)
  return {
    ...article,
    publishedAt,
    updatedAt: publishedAt,
    leadImage: { ...leadImage, agency: LICENSED_AGENCY },
    blocks: [
      ...blocks,
      { kind: 'PARAGRAPH', text: `This is edit ${edit}.` },
      // One article of five has an image that the licence does not include.
      ...(i % 5 === 0
        ? [
            {
              kind: 'IMAGE',
              image: { url: bodyImage, caption: 'The ferry.', agency: OTHER_AGENCY },
            } as BlockDraft,
          ]
        : []),
      {
        kind: 'QUOTATION',
        text: 'The ferry remains until the work ends.',
        direct: true,
        speaker: { person },
      } as BlockDraft,
      {
        kind: 'EMBED',
        embed: { provider: 'X', url: `https://x.example/${i}`, handle: '@city', text: 'The work begins.' },
      } as BlockDraft,
    ],
  }
}
