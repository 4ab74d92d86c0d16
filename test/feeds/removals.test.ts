import { expect, test } from 'vitest'
import { notifyPublisher } from '../../src/bus/notify.ts'
import { announceDue } from '../../src/licensing/due-changes.ts'
import { freshApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { edit, read, removed } from './reader.ts'

const NOW = new Date('2026-01-10T00:00:00Z')
const LATER = new Date('2026-01-10T01:00:00Z')
const FEEDS = ['rss.xml', 'atom.xml', 'feed.json', 'ninjs.json', 'news.jsonld', 'news-sitemap.xml']

test('a public feed lists a removal only of an article that was public', async () => {
  const clock = { now: NOW }
  await using app = await freshApp({ now: () => clock.now, pollMs: 3_600_000, changePollMs: 3_600_000 })
  const { prisma } = app.database
  const shown = await addArticle(prisma)
  const freed = await addArticle(prisma, { embargoedUntil: LATER })
  const embargoed = await addArticle(prisma, { embargoedUntil: new Date('2027-01-01T00:00:00Z') })
  const planned = await addArticle(prisma, { publishedAt: new Date('2027-01-01T00:00:00Z') })
  const spiked = await addArticle(prisma, { status: 'WITHHELD' })
  clock.now = LATER
  await announceDue({ prisma, bus: notifyPublisher(prisma), now: () => LATER })
  for (const { id } of [shown, embargoed, planned]) await edit(app, 'withholdArticle', { id, version: 1 })
  for (const { id } of [freed, spiked]) await edit(app, 'cancelArticle', { id, version: 1 })
  expect((await removed(app, '/feeds/feed.json')).toSorted()).toEqual([shown.key, freed.key].toSorted())
  for (const file of FEEDS) {
    const { status, text } = await read(app, `/feeds/${file}`)
    expect([file, status]).toEqual([file, 200])
    for (const { key, slug } of [embargoed, planned, spiked]) {
      expect(text).not.toContain(key)
      expect(text).not.toContain(slug)
    }
  }
})
