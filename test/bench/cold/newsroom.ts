import type { PersonDraft } from '../../../src/articles/draft.ts'
import { saveEntities } from '../../../src/articles/save-entities.ts'
import type { PrismaClient } from '../../../src/db/client/client.ts'
import { addArticle, addComment, approve } from '../../support/newsroom.ts'

// A newsroom of articles of usual length, each with an image, blocks, people and organisations, and some of
// them with comments. The rows depend on nothing but the numbers below.

/** More articles than a front page shows. */
const ARTICLES = 60
/** The articles with comments, whose pages are requested. */
const READ = 10
const COMMENTS = 40
const PEOPLE = 24
const ORGANISATIONS = 12
const TOPICS = ['Politics', 'Economy', 'Culture', 'Science']
const FIRST = Date.parse('2026-01-01T08:00:00Z')
const MINUTE_MS = 60_000

/** Fills a database. Returns the slugs of the articles whose pages are requested. */
export async function fillNewsroom(prisma: PrismaClient): Promise<string[]> {
  await saveNames(prisma)
  const slugs: string[] = []
  for (let i = 0; i < ARTICLES; i++) {
    const { key, slug } = await addArticle(prisma, articleOf(i))
    if (i >= READ) continue
    slugs.push(slug)
    await addComments(prisma, key, i)
  }
  return slugs
}

/** Stores the people and organisations that the articles name. */
export async function saveNames(prisma: PrismaClient): Promise<void> {
  await prisma.$transaction((tx) => saveEntities(tx, { organisations, people }), { timeout: 60_000 })
}

const people: PersonDraft[] = Array.from({ length: PEOPLE }, (_, i) => ({
  slug: `person-${i}`,
  name: `${GIVEN(i)} ${FAMILY(i)}`,
}))

const organisations = Array.from({ length: ORGANISATIONS }, (_, i) => ({
  slug: `organisation-${i}`,
  name: `${FAMILY(i + 30)} Institute`,
}))

/** One of the articles, by its number. */
export function articleOf(i: number) {
  const topic = TOPICS[i % TOPICS.length] as string
  const slug = `the-council-decides-about-bridge-number-${i}`
  const named = [0, 1, 2, 3].map((n) => people[(i * 5 + n) % PEOPLE] as PersonDraft)
  const [one, other] = [0, 1].map((n) => organisations[(i * 3 + n) % ORGANISATIONS]) as [
    { slug: string; name: string },
    { slug: string; name: string },
  ]
  const text = (n: number) => `Paragraph ${n}. ${SENTENCES.slice(n % 3, (n % 3) + 3).join(' ')}`
  return {
    slug,
    canonicalUrl: `https://dateline.example/${slug}`,
    headline: `The council decides about bridge number ${i}, after eleven months of debate`,
    standfirst: 'Engineers had warned for years. Now the work begins, and the ferry remains until it ends.',
    dateline: { text: 'ERBIL, Kurdistan Region', place: 'Erbil', region: 'Kurdistan Region' },
    topic: { slug: topic.toLowerCase(), label: topic },
    publishedAt: new Date(FIRST + i * MINUTE_MS),
    updatedAt: new Date(FIRST + i * MINUTE_MS),
    leadImage: {
      url: `https://images.dateline.example/${slug}/lead-1600x900.jpg`,
      alt: 'The old bridge in the morning, with the ferry below it',
      caption: 'The old bridge in the morning. It was closed to lorries in spring.',
      credit: 'Photographer / Agency',
    },
    blocks: [
      ...[0, 1, 2, 3].map((n) => ({
        kind: 'PARAGRAPH' as const,
        text: `${text(n)} ${named[n]?.name} was present.`,
      })),
      { kind: 'HEADING' as const, text: 'What happens next', level: 2 as const },
      { kind: 'PARAGRAPH' as const, text: `${one.name} and ${other.name} publish a plan. ${text(4)}` },
      ...[5, 6, 7, 8, 9, 10].map((n) => ({ kind: 'PARAGRAPH' as const, text: text(n) })),
    ],
    people: named.map(({ slug: person }, n) => ({
      person,
      namedIn: 'ARTICLE' as const,
      rolesAsPrinted: [`member ${n + 1} of the council`],
    })),
  }
}

async function addComments(prisma: PrismaClient, articleKey: string, article: number): Promise<void> {
  const ids: string[] = []
  for (let i = 0; i < COMMENTS; i++) {
    const { id } = await addComment(prisma, articleKey, {
      body: `Comment ${i} on ${article}. ${SENTENCES[i % SENTENCES.length]} ${SENTENCES[(i + 2) % SENTENCES.length]}`,
      by: `Reader ${i}`,
      at: new Date(FIRST + (ARTICLES + i) * MINUTE_MS),
    })
    ids.push(id)
  }
  await approve(prisma, ids)
}

const SENTENCES = [
  'The bridge carries eleven thousand vehicles a day, three times as many as its engineers expected.',
  'A first survey found cracks in two of the nine piers, and a second one found four more.',
  'Shopkeepers on both banks say that they can live with a year of noise, but not with two.',
  'The city pays a third of the costs; the rest comes from the region and from a loan.',
  'Cyclists get a lane of their own, which the first draft of the plan did not contain.',
]

function GIVEN(i: number): string {
  return ['Dilan', 'Aram', 'Shno', 'Karwan', 'Lana', 'Rebwar'][i % 6] as string
}

function FAMILY(i: number): string {
  return `${['Bar', 'Has', 'Kar', 'Mir', 'Sal', 'Zan'][i % 6]}${['wari', 'ani', 'dizi', 'oglu', 'ahi', 'evan', 'amin'][Math.floor(i / 6) % 7]}`
}
