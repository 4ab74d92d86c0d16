import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ArticleDraft } from '../../src/articles/draft.ts'
import { saveEntities } from '../../src/articles/save-entities.ts'
import { openDesk } from '../editing/desk.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle, addComment, approve, reject } from '../support/newsroom.ts'
import { attributesOf, type Document, readPage, textsOf } from './page.ts'

const whole: Partial<ArticleDraft> = {
  slug: 'dam-reopens',
  canonicalUrl: 'https://news.example/iraq/dam-reopens',
  kicker: 'Water',
  headline: 'The dam above Mosul reopens',
  standfirst: 'Engineers have closed the last leak.',
  byline: 'Nadia Karim',
  dateline: { text: 'MOSUL, Iraq', place: 'Mosul', region: 'Iraq' },
  topic: { slug: 'water', label: 'Water' },
  publishedAt: new Date('2026-01-02T08:00:00Z'),
  updatedAt: new Date('2026-01-03T09:30:00Z'),
  leadImage: {
    url: '/pictures/river-village.svg',
    alt: 'A wall of concrete',
    caption: 'The dam in spring.',
    credit: 'Jon Berg / AFP',
    photographer: 'Jon Berg',
    agency: 'AFP',
  },
  people: [{ person: 'sara-aziz', namedIn: 'ARTICLE', rolesAsPrinted: ['chief engineer'] }],
  organisations: [{ organisation: 'water-board', namedIn: 'ARTICLE' }],
  blocks: [
    { kind: 'PARAGRAPH', text: 'The gates opened on Friday,\nas planned.' },
    { kind: 'HEADING', text: 'Years of grouting', level: 2 },
    {
      kind: 'QUOTATION',
      text: 'The wall is dry',
      speaker: { person: 'sara-aziz' },
      roleAsPrinted: 'chief engineer',
      direct: true,
      via: { text: 'in a radio interview' },
    },
    {
      kind: 'IMAGE',
      image: { url: 'https://img.example/gate.jpg', alt: 'A gate', caption: 'Gate two.', credit: 'Reuters' },
    },
    {
      kind: 'EMBED',
      embed: {
        provider: 'X',
        url: 'https://x.com/board/status/1',
        authorName: 'Water Board',
        handle: '@board',
        text: 'It is done.',
        postedAt: new Date('2026-01-02T07:00:00Z'),
      },
    },
  ],
}

let app: TestApp
let story: { key: string; id: string; slug: string }
let document: Document
let html: string

beforeAll(async () => {
  app = await freshApp()
  const { prisma } = app.database
  await prisma.$transaction((tx) =>
    saveEntities(tx, {
      organisations: [{ slug: 'water-board', name: 'Water Board' }],
      people: [{ slug: 'sara-aziz', name: 'Sara Aziz' }],
    }),
  )
  await addArticle(prisma, { slug: 'related', headline: 'Another story about water', topic: whole.topic })
  story = await addArticle(prisma, whole)
  const [shown, hidden, bad] = [
    await addComment(prisma, story.key, { body: 'Good news <b>at last</b>', by: 'Ada' }),
    await addComment(prisma, story.key, { body: 'Nobody has read this yet', by: 'Ben' }),
    await addComment(prisma, story.key, { body: 'Nobody will read this', by: 'Cem' }),
  ]
  await approve(prisma, [shown.id])
  await reject(prisma, [bad.id])
  const reply = await addComment(prisma, story.key, { body: 'I agree', by: 'Dana', parentId: shown.id })
  await approve(prisma, [reply.id])
  expect(hidden.status).toBe('PENDING')
  const page = await readPage(app, '/stories/dam-reopens')
  expect(page.status).toBe(200)
  document = page.document
  html = page.html
})
afterAll(() => app.close())

test('a story page has the headline with everything around it', () => {
  expect(textsOf(document, 'h1')).toEqual(['The dam above Mosul reopens'])
  const header = (selector: string) => textsOf(document, `.story-header ${selector}`)
  expect(header('.kicker')).toEqual(['Water'])
  expect(header('.standfirst')).toEqual(['Engineers have closed the last leak.'])
  expect(header('.byline')).toEqual(['Nadia Karim'])
  expect(header('.dateline')).toEqual(['MOSUL, Iraq'])
  expect(header('.topics a')).toEqual(['Water'])
  expect(attributesOf(document, '.story-header time', 'datetime')).toEqual([
    '2026-01-02T08:00:00.000Z',
    '2026-01-03T09:30:00.000Z',
  ])
  expect(header('.dates')).toEqual([
    'Published 2 January 2026 at 08:00 UTC Updated 3 January 2026 at 09:30 UTC',
  ])
})

test('a story page has every kind of block', () => {
  const body = document.querySelector('[itemprop="articleBody"]')!
  expect(body.querySelector('p')!.innerHTML).toBe('The gates opened on Friday,<br>as planned.')
  expect(textsOf(body, 'h2')).toEqual(['Years of grouting'])
  expect(textsOf(body, '.quotation blockquote')).toEqual(['The wall is dry'])
  expect(textsOf(body, '.quotation figcaption')).toEqual(['Sara Aziz, chief engineer, in a radio interview'])
  expect(attributesOf(body, '.quotation a', 'href')).toEqual(['/people/sara-aziz'])
  expect(attributesOf(body, '.picture img', 'src')).toEqual(['https://img.example/gate.jpg'])
  expect(attributesOf(body, '.picture img', 'alt')).toEqual(['A gate'])
  expect(attributesOf(body, '.picture img', 'loading')).toEqual(['lazy'])
  expect(textsOf(body, '.picture figcaption')).toEqual(['Gate two. Reuters'])
  expect(textsOf(body, '.post p')).toEqual(['It is done.'])
  expect(textsOf(body, '.post footer')).toEqual(['Water Board @board 2 January 2026 at 07:00 UTC Post on X'])
  expect(attributesOf(body, '.post a', 'href')).toEqual(['https://x.com/board/status/1'])
  expect(html).not.toContain('<iframe')
})

test('a story page names people and organisations with their roles, and links to their pages', () => {
  expect(textsOf(document, '.about li')).toEqual(['Sara Azizchief engineer', 'Water Board'])
  expect(attributesOf(document, '.about a', 'href')).toEqual([
    '/people/sara-aziz',
    '/organisations/water-board',
  ])
  expect(textsOf(document, '.related h3')).toEqual(['Another story about water'])
})

test('the comments of a story are readable without JavaScript, and only the approved ones', () => {
  const widget = document.querySelector('dateline-comments')!
  expect(widget.getAttribute('article')).toBe('dam-reopens')
  // Tests run as in development.
  expect(widget.getAttribute('sample-identities')).not.toBeNull()
  expect(textsOf(widget, 'h2')).toEqual(['2 comments'])
  expect(textsOf(widget, '.comment .author')).toEqual(['Dana', 'Ada'])
  expect(textsOf(widget, '.comment > .note')).toEqual(['In reply to Ada'])
  expect(widget.innerHTML).toContain('Good news &lt;b&gt;at last&lt;/b&gt;')
  expect(html).not.toContain('Nobody')
  expect(attributesOf(document, 'script[src]', 'src')).toContain('/widget.js')
})

test('the head of a story has what search engines, networks and feed readers need', () => {
  const meta = (name: string) => attributesOf(document, `meta[property="${name}"]`, 'content')
  expect(textsOf(document, 'title')).toEqual(['The dam above Mosul reopens – Dateline'])
  expect(attributesOf(document, 'link[rel="canonical"]', 'href')).toEqual([whole.canonicalUrl])
  expect(attributesOf(document, 'meta[name="description"]', 'content')).toEqual([whole.standfirst])
  expect(meta('og:type')).toEqual(['article'])
  expect(meta('og:title')).toEqual([whole.headline])
  expect(meta('og:url')).toEqual([whole.canonicalUrl])
  expect(meta('og:locale')).toEqual(['en'])
  expect(meta('og:image')).toEqual([`${app.config.publicUrl}/pictures/river-village.svg`])
  expect(meta('og:image:alt')).toEqual(['A wall of concrete'])
  expect(meta('article:published_time')).toEqual(['2026-01-02T08:00:00.000Z'])
  expect(meta('article:modified_time')).toEqual(['2026-01-03T09:30:00.000Z'])
  expect(attributesOf(document, 'link[type="application/rss+xml"]', 'href')).toEqual([
    '/feeds/rss.xml',
    '/feeds/topic/water/rss.xml',
  ])
  const linked = JSON.parse(document.querySelector('script[type="application/ld+json"]')!.textContent!)
  expect(linked).toMatchObject({
    '@type': 'NewsArticle',
    headline: whole.headline,
    url: whole.canonicalUrl,
    datePublished: '2026-01-02T08:00:00.000Z',
    dateModified: '2026-01-03T09:30:00.000Z',
    author: { name: 'Nadia Karim' },
    publisher: { name: 'Dateline' },
    image: [{ creditText: 'Jon Berg / AFP' }, { url: 'https://img.example/gate.jpg' }],
    mentions: [{ name: 'Sara Aziz', jobTitle: ['chief engineer'] }, { name: 'Water Board' }],
  })
})

test('every link of a story page to this gateway leads somewhere', async () => {
  const paths = attributesOf(document, 'a[href^="/"], link[href^="/"], script[src^="/"]', 'href').concat(
    attributesOf(document, 'script[src^="/"]', 'src'),
  )
  const found = new Set(paths.filter((path) => path !== null))
  expect(found.size).toBeGreaterThan(12)
  const statuses = await Promise.all(
    [...found].map(async (path) => `${path} ${(await readPage(app, path)).status}`),
  )
  expect(statuses.filter((line) => !line.endsWith(' 200'))).toEqual([])
})

test('a correction is printed before the text, with its kind and its time', async () => {
  const { slug, id } = await addArticle(app.database.prisma, { headline: 'The bridge is 300 metres long' })
  const desk = await openDesk(app)
  await desk.order('CorrectArticle', {
    id,
    version: 1,
    changes: { headline: 'The bridge is 200 metres long' },
    kind: 'CORRECTION',
    text: 'An earlier version gave a wrong length: "</script><script>alert(1)</script>".',
  })
  const page = await readPage(app, `/stories/${slug}`)
  expect(textsOf(page.document, 'h1')).toEqual(['The bridge is 200 metres long'])
  const [correction] = textsOf(page.document, '.correction')
  expect(correction).toMatch(/^Correction .*UTC ?An earlier version gave a wrong length/)
  const story = page.html.indexOf('class="corrections"')
  expect(story).toBeLessThan(page.html.indexOf('itemprop="articleBody"'))
  const linked = JSON.parse(page.document.querySelector('script[type="application/ld+json"]')!.textContent!)
  expect(linked.correction).toMatchObject([{ '@type': 'CorrectionComment' }])
})

test('nothing that an article or a comment says becomes markup', async () => {
  const { prisma } = app.database
  const attack = `"><script>alert(1)</script></script><img src=x onerror=alert(2)><!--`
  const { slug, key } = await addArticle(prisma, {
    headline: `Headline ${attack}`,
    kicker: attack,
    standfirst: attack,
    byline: attack,
    canonicalUrl: 'https://news.example/attack?a="><script>',
    leadImage: { url: `https://img.example/a.jpg?"><script>`, alt: attack, caption: attack, credit: attack },
    topic: { slug: 'attack', label: attack },
    blocks: [
      { kind: 'PARAGRAPH', text: attack },
      { kind: 'QUOTATION', text: attack, direct: true, roleAsPrinted: attack },
      {
        kind: 'EMBED',
        embed: { provider: attack, url: 'https://x.com/a', text: attack, authorName: attack },
      },
    ],
  })
  const comment = await addComment(prisma, key, { body: attack, by: 'Eve <script>' })
  await approve(prisma, [comment.id])
  for (const path of [`/stories/${slug}`, '/', '/topics/attack', '/search?q=%22%3E%3Cscript%3Ealert']) {
    const { document: read, status } = await readPage(app, path)
    expect([path, status]).toEqual([path, 200])
    expect(textsOf(read, 'script:not([src])').filter((text) => !text.startsWith('{'))).toEqual([])
    expect(attributesOf(read, '[onerror]', 'onerror')).toEqual([])
    for (const script of read.querySelectorAll('script:not([src])')) JSON.parse(script.textContent!)
  }
})

test('the earlier comments of a story are on further pages', async () => {
  const { prisma } = app.database
  const { slug, key } = await addArticle(prisma)
  const ids: string[] = []
  for (let i = 0; i < 23; i++)
    ids.push((await addComment(prisma, key, { body: `Comment ${i}.`, by: `R${i}` })).id)
  for (const id of ids) await approve(prisma, [id])
  const first = await readPage(app, `/stories/${slug}`)
  expect(textsOf(first.document, '.comment').length).toBe(20)
  const [next] = attributesOf(first.document, '.comments a.more', 'href')
  const second = await readPage(app, next!.replace('#comments', ''))
  expect(textsOf(second.document, '.comment [dir="auto"]')).toEqual([
    'Comment 2.',
    'Comment 1.',
    'Comment 0.',
  ])
})
