import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type ReadArticle, readArticle } from '../../src/ingest/draft.ts'
import { freshSettings } from '../support/database.ts'
import { runFile } from '../support/processes.ts'
import { articlePage } from './article-page.ts'

const open = '<div>'
const paragraph = '<p>Some words, and a few more of them.</p>'
const linked = (json: string) => articlePage({ head: `<script type="application/ld+json">${json}</script>` })

it.each([
  [
    '200,000 nested elements',
    articlePage({ body: open.repeat(200_000) }),
    'nested more than 256 levels deep',
  ],
  [
    '2,000 nested elements in a small page',
    articlePage({ body: open.repeat(2_000) }),
    'nested more than 256 levels',
  ],
  ['100,000 paragraphs', articlePage({ body: paragraph.repeat(100_000) }), 'more than 20,000 elements'],
  [
    'deep and wide',
    articlePage({ body: open.repeat(200) + paragraph.repeat(5_000) }),
    'depths add up to more than 500,000',
  ],
  [
    'an element of 101 attributes',
    articlePage({ body: `<p ${Array.from({ length: 101 }, (_, i) => `a${i}`).join(' ')}>` }),
    'an element with more than 100 attributes',
  ],
  [
    'attributes everywhere',
    articlePage({ body: '<p a b c d e f g h>'.repeat(8_000) }),
    'more than 40,000 attributes',
  ],
  ['comments', articlePage({ body: '<!-- x -->'.repeat(60_001) }), 'more than 60,000 elements, comments'],
  ['entities', articlePage({ body: '&amp;x'.repeat(60_001) }), 'more than 60,000 elements, comments'],
  [
    'a huge text',
    articlePage({ body: `<p>${'word '.repeat(400_001)}` }),
    'more than 2,000,000 characters of text',
  ],
  [
    'a long class',
    articlePage({ body: `<p class="${'a '.repeat(2_001)}">` }),
    'a class attribute with more than 4,000',
  ],
])('a page of %s is refused with the limit it breaks', (_, html, limit) => {
  const read = readArticle(html, null)
  expect(read).toMatchObject({ reason: 'TOO_COMPLEX', message: expect.stringContaining(limit) })
  expect('message' in read && read.message).not.toContain('\n')
})

it('a story of 2,001 blocks is refused, and one of 2,000 is read', () => {
  const lines = (count: number) =>
    Array.from(
      { length: count },
      (_, i) => `<p>Entry ${i} of the log, kept by the watch on the pier.</p>`,
    ).join('')
  expect(readArticle(articlePage({ body: lines(1_998) }), null)).toMatchObject({
    reason: 'TOO_COMPLEX',
    message: 'The article has 2001 blocks; the maximum is 2000.',
  })
  const { article } = readArticle(articlePage({ body: lines(1_997) }), null) as ReadArticle
  expect(article.blocks).toHaveLength(2_000)
})

it.each([
  ['nested without end', '['.repeat(300_000)],
  ['nested and closed', '['.repeat(300_000) + ']'.repeat(300_000)],
  ['of a million characters', `["${'x'.repeat(1_000_001)}"]`],
  ['of thousands of stories', `[${'{"@type":"NewsArticle","headline":"Another"},'.repeat(15_000)}{}]`],
  ['of blanks', `{"a":1,${' '.repeat(300_000)}x`],
])('linked data %s does not keep the page from being read', (_, json) => {
  const { article } = readArticle(linked(json), null) as ReadArticle
  expect(article.headline).toBe('Ferry line to the islands is reopened')
  expect(article.blocks).toHaveLength(3)
})

it('a page brings at most a hundred people', () => {
  const about = Array.from({ length: 300 }, (_, i) => ({
    '@type': 'Person',
    name: `Ida ${String.fromCharCode(65 + (i % 26), 97 + Math.floor(i / 26))}lund`,
  }))
  const read = readArticle(
    linked(JSON.stringify({ '@type': 'NewsArticle', headline: 'Ferry line', about })),
    null,
  )
  expect((read as ReadArticle).people).toHaveLength(100)
})

it('a stack of marks on one letter is cut to thirty', () => {
  const { article } = readArticle(
    articlePage({ body: `<p>Zalgo a${'\u0316\u0301'.repeat(50_000)} ends.</p>` }),
    null,
  ) as ReadArticle
  const last = article.blocks.at(-1)
  expect('text' in last! && last.text.length).toBeLessThan(50)
})

it('the command refuses such a page in one line and reads the next', async () => {
  const settings = await freshSettings()
  const folder = await mkdtemp(join(tmpdir(), 'dateline-pages-'))
  await writeFile(join(folder, 'deep.html'), articlePage({ body: open.repeat(200_000) }))
  await writeFile(join(folder, 'good.html'), articlePage())
  const command = join(import.meta.dirname, '../../src/cli/ingest.ts')
  const files = [join(folder, 'deep.html'), join(folder, 'good.html')]
  const { code, stdout, stderr } = await runFile(command, files, settings.env)
  await rm(folder, { recursive: true })
  await settings.remove()
  expect(code).toBe(1)
  expect(stderr).toMatch(/^\S+deep\.html: The page has elements nested more than 256 levels deep, .*\n$/)
  expect(stdout).toContain('created   ferry-line-to-the-islands-is-reopened\n')
})
