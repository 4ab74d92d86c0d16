import type { ArticleDraft } from '../../src/articles/draft.ts'
import { saveOrganisation, savePerson } from '../../src/articles/save-entity.ts'
import type { PrismaClient } from '../../src/db/client/client.ts'
import { addArticle, addComment, approve, globalId, reject } from '../support/newsroom.ts'

/** The moment at which these tests ask. */
export const NOON = new Date('2026-06-01T12:00:00Z')

/** When the embargo lifts; its date must show nowhere. */
export const EMBARGO = new Date('2031-07-13T05:17:00Z')

/** A lifted embargo: the story shows, the time does not. */
export const PAST_EMBARGO = new Date('2021-03-17T06:29:00Z')

/** In every text of a story that nobody may see; `secretcomment` in every comment of that kind. */
export const STORY_MARK = 'secretstory'
export const COMMENT_MARK = 'secretcomment'

const hiddenKinds = {
  embargoed: { embargoedUntil: EMBARGO },
  coming: { publishedAt: new Date('2026-06-02T00:00:00Z') },
  withheld: { status: 'WITHHELD' },
  canceled: { status: 'CANCELED' },
} as const satisfies Record<string, Partial<ArticleDraft>>

export type Hidden = keyof typeof hiddenKinds

/** A newsroom in which each kind of row that the public may not see stands beside one that it may. */
export async function newsroomWithSecrets(prisma: PrismaClient) {
  const organisation = await saveOrganisation(prisma, { slug: 'bureau', name: 'Example Bureau' })
  const person = await savePerson(prisma, {
    slug: 'speaker',
    name: 'Example Speaker',
    affiliations: [{ organisation: 'bureau', title: 'Spokesperson' }],
  })
  const parent = await prisma.topic.create({ data: { slug: 'world', label: 'World' } })
  await prisma.topic.create({ data: { slug: 'region', label: 'Region', parentId: parent.id } })

  const open = await addArticle(prisma, { ...story('open', 'harmless'), embargoedUntil: PAST_EMBARGO })
  const hidden = {} as Record<Hidden, Awaited<ReturnType<typeof addArticle>>>
  const below: Record<string, string> = {}
  for (const [kind, change] of Object.entries(hiddenKinds)) {
    const article = await addArticle(prisma, story(`slug-${kind}`, `${STORY_MARK} ${kind}`))
    below[kind] = (
      await said(prisma, article.key, `${COMMENT_MARK} under ${kind}`, `${COMMENT_MARK} ${kind}`)
    ).id
    const { embargoedUntil, publishedAt, status } = change as Partial<ArticleDraft>
    await prisma.article.update({
      where: { id: article.key },
      data: { embargoedUntil, publishedAt, status },
    })
    await prisma.correction.create({
      data: {
        articleId: article.key,
        kind: 'CORRECTION',
        text: `${STORY_MARK} correction`,
        version: 1,
        at: NOON,
      },
    })
    hidden[kind as Hidden] = article
  }

  const shown = await said(prisma, open.key, 'A comment that everybody sees')
  const retracted = await said(prisma, open.key, `${COMMENT_MARK} retracted`, `${COMMENT_MARK} retracted`)
  const answer = await said(prisma, open.key, 'An answer to what was taken down', 'Answerer', retracted.id)
  await reject(prisma, [retracted.id])
  const pending = await addComment(prisma, open.key, {
    body: `${COMMENT_MARK} pending`,
    by: `${COMMENT_MARK} pending`,
    parentId: shown.id,
    at: NOON,
  })
  const rejected = await addComment(prisma, open.key, {
    body: `${COMMENT_MARK} rejected`,
    by: `${COMMENT_MARK} rejected`,
    at: NOON,
  })
  await reject(prisma, [rejected.id])
  return {
    open,
    hidden,
    person,
    organisation,
    comments: { shown, answer, retracted, pending, rejected },
    below,
  }
}

async function said(
  prisma: PrismaClient,
  articleKey: string,
  body: string,
  by = 'Reader',
  parentId?: string,
) {
  const comment = await addComment(prisma, articleKey, { body, by, parentId, at: NOON })
  await approve(prisma, [comment.id])
  return comment
}

/** A story with the mark in each of its texts. */
function story(slug: string, mark: string): Partial<ArticleDraft> {
  const image = {
    url: `https://pictures.example/${mark.replaceAll(' ', '-')}.jpg`,
    alt: `${mark} alt`,
    caption: `${mark} caption`,
    credit: `${mark} credit`,
    photographer: `${mark} photographer`,
    agency: `${mark} agency`,
    usageTerms: `${mark} terms`,
  }
  return {
    slug,
    canonicalUrl: `https://dateline.example/${mark.replaceAll(' ', '-')}`,
    kicker: `${mark} kicker`,
    headline: `${mark} headline`,
    standfirst: `${mark} standfirst`,
    dateline: { text: `${mark} dateline`, place: `${mark} place`, region: `${mark} region` },
    byline: `${mark} byline`,
    topic: { slug: 'region', label: 'Region' },
    publishedAt: new Date('2026-05-01T00:00:00Z'),
    leadImage: image,
    blocks: [
      { kind: 'PARAGRAPH', text: `${mark} paragraph: Example Speaker of the Example Bureau.` },
      { kind: 'HEADING', text: `${mark} heading`, level: 2 },
      {
        kind: 'QUOTATION',
        text: `${mark} quotation`,
        speaker: { person: 'speaker' },
        roleAsPrinted: `${mark} role`,
        direct: true,
        via: { text: `${mark} via`, organisation: 'bureau' },
      },
      { kind: 'QUOTATION', text: `${mark} statement`, speaker: { organisation: 'bureau' }, direct: false },
      { kind: 'IMAGE', image },
      {
        kind: 'EMBED',
        embed: {
          provider: `${mark} network`,
          url: `https://network.example/${mark.replaceAll(' ', '-')}`,
          authorName: `${mark} author`,
          handle: `${mark} handle`,
          text: `${mark} post`,
        },
      },
    ],
    people: [{ person: 'speaker', namedIn: 'ARTICLE', rolesAsPrinted: [`${mark} role`] }],
  }
}

export type Secrets = Awaited<ReturnType<typeof newsroomWithSecrets>>

/** The ids, as clients write them, of all that the public may not see. */
export function secretIds({ hidden, comments, below }: Secrets): string[] {
  return [
    ...Object.values(hidden).map(({ id }) => id),
    ...[comments.retracted, comments.pending, comments.rejected].map(({ id }) => globalId('Comment', id)),
    ...Object.values(below).map((id) => globalId('Comment', id)),
  ]
}
