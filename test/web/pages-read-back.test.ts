import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ArticleDraft, BlockDraft, ImageDraft } from '../../src/articles/draft.ts'
import { saveArticle } from '../../src/articles/save.ts'
import { saveEntities } from '../../src/articles/save-entities.ts'
import { loadNameIndex } from '../../src/articles/save-entity.ts'
import { readArticle } from '../../src/ingest/draft.ts'
import { articles } from '../../src/sample/articles/index.ts'
import { organisations } from '../../src/sample/organisations.ts'
import { people } from '../../src/sample/people.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { readPage } from './page.ts'

let app: TestApp

beforeAll(async () => {
  app = await freshApp()
  const { prisma } = app.database
  await prisma.$transaction((tx) => saveEntities(tx, { organisations, people }), { timeout: 60_000 })
  const names = await loadNameIndex(prisma)
  for (const article of articles) await saveArticle(prisma, shown(article), { now: new Date(), names })
})
afterAll(() => app.close())

/** Everybody may see it. Its pictures are photos: ingest takes drawings in SVG for icons. */
function shown(article: ArticleDraft): ArticleDraft {
  const photo = (image: ImageDraft): ImageDraft => ({ ...image, url: image.url.replace(/\.svg$/, '.jpg') })
  return {
    ...article,
    status: 'USABLE',
    embargoedUntil: null,
    ...(article.leadImage && { leadImage: photo(article.leadImage) }),
    blocks: article.blocks.map((block) =>
      block.kind === 'IMAGE' ? { ...block, image: photo(block.image) } : block,
    ),
  }
}

/** The parts of an article that a reader sees. */
function visible({ publishedAt, updatedAt, dateline, leadImage, blocks, ...article }: ArticleDraft) {
  const { headline, standfirst, language, byline, canonicalUrl } = article
  return {
    canonicalUrl,
    language,
    headline,
    standfirst,
    byline,
    dateline: dateline?.text,
    publishedAt,
    updatedAt: updatedAt ?? publishedAt,
    leadImage: leadImage && pictured(leadImage),
    blocks: blocks.map(printed),
  }
}

function pictured({ url, alt, caption, credit }: ImageDraft) {
  return { url: new URL(url, app.config.publicUrl).href, alt, caption, credit }
}

function printed(block: BlockDraft) {
  if (block.kind === 'IMAGE') return { kind: block.kind, image: pictured(block.image) }
  if (block.kind === 'EMBED') return block
  const { kind, text } = block
  return { kind, text, ...('level' in block && { level: block.level }) }
}

describe('ingest reads a story page back as it was published', () => {
  test.each(articles.map((article) => [article.slug, article] as const))('%s', async (slug, article) => {
    const { html, status } = await readPage(app, `/stories/${slug}`)
    expect(status).toBe(200)
    for (const address of [null, `${app.config.publicUrl}/stories/${slug}`]) {
      const read = readArticle(html, address)
      expect('article' in read && visible(read.article)).toEqual(visible(shown(article)))
    }
  })
})
