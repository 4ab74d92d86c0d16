import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as always, expect } from 'vitest'
import deskTexts from '../../src/web/texts/desk/ar.json' with { type: 'json' }
import recordTexts from '../../src/web/texts/desk-records/ar.json' with { type: 'json' }
import englishRecords from '../../src/web/texts/desk-records/en.json' with { type: 'json' }
import arabic from '../../src/web/texts/widget/ar.json' with { type: 'json' }
import english from '../../src/web/texts/widget/en.json' with { type: 'json' }
import { freshApp } from '../support/app.ts'
import { hasChromium, openBrowser } from '../support/browser.ts'
import { freshDatabase } from '../support/database.ts'
import { commentWith, openDesk } from '../support/desk.ts'
import { addArticle } from '../support/newsroom.ts'

const test = always.skipIf(!hasChromium)

test.each([
  { language: 'en', words: english, records: englishRecords, body: 'Will the bridge be rebuilt?' },
  { language: 'ar', words: arabic, records: recordTexts, body: 'هل سيُعاد بناء الجسر؟' },
])(
  'in $language, a comment is written, waits, is approved by one key, appears to another reader, and goes when it is retracted, with two moderators and a restarted gateway',
  async ({ language, words, records, body }) => {
    await using database = await freshDatabase()
    const dataDir = await mkdtemp(join(tmpdir(), 'dateline-path-'))
    const first = await freshApp({ database, env: { DATA_DIR: dataDir } })
    await addArticle(database.prisma, { slug: 'story', language, commenting: { open: true } })
    await using windows = await openBrowser(first.url)
    const locale = { locale: language }
    const story = new URL('/stories/story', first.url).href

    const reader = await windows.open(story, locale)
    const other = await windows.open(story, locale)
    const [desk, secondDesk] = [
      await openDesk(windows, first, { options: locale }),
      await openDesk(windows, first, { name: 'Second sample moderator', options: locale }),
    ]
    expect(await desk.evaluate(() => document.documentElement.lang)).toBe(language)

    await reader.getByRole('button', { name: 'Sample reader', exact: true }).click()
    await reader.getByLabel(words.yourComment, { exact: true }).fill(body)
    await reader.getByRole('button', { name: words.send, exact: true }).click()
    await reader.getByText(words.pending).waitFor()
    await commentWith(desk, body).waitFor()
    await commentWith(secondDesk, body).waitFor()
    expect(await other.getByText(body).count()).toBe(0)

    await first.close(0)
    await using _second = await freshApp({
      database,
      env: { DATA_DIR: dataDir, PORT: String(first.config.port) },
    })
    await commentWith(desk, body).focus()
    await desk.keyboard.press('a')
    await commentWith(secondDesk, body).waitFor({ state: 'detached' })
    await other.locator('.list .body', { hasText: body }).waitFor()
    await reader.locator('.list .body', { hasText: body }).waitFor()

    await desk.getByRole('link', { name: navigation[language as 'en'].decided }).click()
    await commentWith(desk, body).getByRole('button', { name: records['decided.retract'] }).click()
    const dialog = desk.getByRole('dialog')
    await dialog.getByRole('checkbox').first().check()
    await dialog.getByRole('button', { name: records['decided.retract-action'] }).click()
    await other.locator('.list .body', { hasText: body }).waitFor({ state: 'detached' })
    await reader.locator('.list .body', { hasText: body }).waitFor({ state: 'detached' })
    await rm(dataDir, { recursive: true, force: true })
  },
)

const navigation = { en: { decided: 'Decided' }, ar: { decided: deskTexts['nav.decided'] } }
