import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { saveOrganisation, savePerson } from '../../src/articles/save-entity.ts'
import type { Database } from '../../src/db/open.ts'
import { page, pagePath, serve } from '../ingest/server.ts'
import { freshSettings, type TestSettings } from '../support/database.ts'
import { type Finished, runFile, startFile } from '../support/processes.ts'

const command = join(import.meta.dirname, '../../src/cli/ingest.ts')
let settings: TestSettings

beforeEach(async () => {
  settings = await freshSettings()
})
afterEach(() => settings.remove())

function ingest(...sources: string[]): Promise<Finished> {
  return runFile(command, sources, settings.env)
}

/** Looks into the database between two runs of the command. */
function inDatabase<T>(work: (db: Database['prisma']) => Promise<T>): Promise<T> {
  return settings.inDatabase(({ prisma }) => work(prisma))
}

describe('npm run ingest', () => {
  it('stores the stories of files and addresses, and changes nothing the second time', async () => {
    const html = await page('turkish.html')
    await using server = await serve((_, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8').end(html)
    })
    const sources = [pagePath('graph.html'), `${server.url}/yerel/iskelede-sabah-123.html`]
    const first = await ingest(...sources)
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toMatch(
      /^created +river-towns-count-the-cost\ncreated +iskelede-\S+\n2 created, 0 updated, 0 unchanged, 0 failed\n$/,
    )

    const before = await inDatabase((db) => db.revision.findMany())
    const second = await ingest(...sources)
    expect(second.stdout).toContain('0 created, 0 updated, 2 unchanged, 0 failed')
    expect(await inDatabase((db) => db.revision.findMany())).toEqual(before)
  })

  it('makes a changed page the next version and keeps the one before', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dateline-pages-'))
    const file = join(folder, 'page.html')
    const html = await page('graph.html')
    await writeFile(file, html)
    await ingest(file)
    await writeFile(file, html.replace('three of its gauges', 'two of its gauges'))
    const again = await ingest(file)
    await rm(folder, { recursive: true })
    expect(again.stdout).toContain('updated   river-towns-count-the-cost (version 2)')
    const article = await inDatabase((db) =>
      db.article.findFirstOrThrow({ include: { revisions: { orderBy: { version: 'asc' } } } }),
    )
    expect(article.version).toBe(2)
    expect(
      article.revisions.map(({ snapshot }) => JSON.stringify(snapshot).match(/\w+ of its gauges/)?.[0]),
    ).toEqual(['three of its gauges', 'two of its gauges'])
  })

  it('stores a paragraph that the page repeats as often as the page has it', async () => {
    await ingest(pagePath('graph.html'))
    const repeated = await inDatabase((db) =>
      db.block.count({ where: { text: { startsWith: 'The water has gone' } } }),
    )
    expect(repeated).toBe(2)
  })

  it('links whom the newsroom knows and creates whom it lacks', async () => {
    await inDatabase((db) =>
      db.$transaction(async (tx) => {
        await savePerson(tx, {
          slug: 'mayor',
          name: 'Helena Mayor',
          names: [{ text: 'Lena Mayor', kind: 'ALIAS' }],
        })
        await saveOrganisation(tx, {
          slug: 'riva',
          name: 'Authority of the River',
          externalIds: { wikidata: 'Q4242424242' },
        })
      }),
    )
    await ingest(pagePath('graph.html'))
    await inDatabase(async (db) => {
      const people = await db.articleEntity.findMany({
        where: { kind: 'PERSON' },
        include: { entity: true },
        orderBy: { position: 'asc' },
      })
      expect(people.map(({ entity, namedIn }) => `${entity.slug} ${namedIn}`)).toEqual([
        'mayor ARTICLE',
        'ines-ferryman BYLINE',
      ])
      expect(await db.entity.findMany({ where: { kind: 'ORGANISATION' } })).toMatchObject([{ slug: 'riva' }])
      const mentions = await db.mention.findMany({ include: { block: true } })
      expect(mentions.map(({ surface }) => surface)).toEqual(['Lena Mayor'])
      for (const { start, end, surface, block } of mentions)
        expect(block.text?.slice(start, end)).toBe(surface)
    })
  })

  it('takes no name from whom the newsroom knows', async () => {
    await inDatabase((db) =>
      saveOrganisation(db, { slug: 'riva', name: 'Riva Boats', names: [{ text: 'RIVA', kind: 'ACRONYM' }] }),
    )
    await ingest(pagePath('graph.html'))
    const names = await inDatabase((db) =>
      db.name.findMany({ where: { normalised: 'riva' }, include: { entity: true } }),
    )
    expect(names.map(({ entity }) => entity.slug)).toEqual(['riva'])
  })

  it('names each page that cannot be read with the reason, and the others go on', async () => {
    const answers: Record<string, RequestListener> = {
      '/gone': (_, response) => response.writeHead(404).end('gone'),
      '/paper': (_, response) => response.setHeader('content-type', 'application/pdf').end('%PDF-1.7'),
      '/picture': (_, response) => response.setHeader('content-type', 'image/png').end('x'),
      '/moved': (_, response) => response.writeHead(302, { location: '/story' }).end(),
      '/story': async (_, response) =>
        response.setHeader('content-type', 'text/html').end(await page('array.html')),
    }
    await using server = await serve((request, response) => answers[request.url ?? '']?.(request, response))
    const bad = ['front.html', 'section.html', 'paywall.html', 'consent.html'].map(pagePath)
    const sources = [
      ...bad,
      ...['/gone', '/paper', '/picture', '/moved'].map((path) => server.url + path),
      'http://127.0.0.1:1/',
      'ftp://news.example/story',
      '/no/such/page.html',
    ]
    const { code, stdout, stderr } = await ingest(...sources)
    expect(code).toBe(1)
    expect(stdout).toBe(
      [
        'created   harbour-strike-ends',
        '          the date 2024-05-06T18:20 has no time zone; UTC is assumed',
        '1 created, 0 updated, 0 unchanged, 10 failed\n',
      ].join('\n'),
    )
    expect(stderr.trim().split('\n')).toEqual([
      `${bad[0]}: This is a front page, not an article.`,
      `${bad[1]}: The page is not marked as an article and has no date.`,
      `${bad[2]}: The page contains only part of the article: the rest is behind a paywall.`,
      `${bad[3]}: This is a consent page, not the article.`,
      `${server.url}/gone: the server answered 404 Not Found`,
      `${server.url}/paper: the content is a PDF, not an HTML page`,
      `${server.url}/picture: the content is image/png, not an HTML page`,
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:1\/: the page could not be fetched \(/),
      'ftp://news.example/story: only http, https and file addresses can be read',
      '/no/such/page.html: the file does not exist',
    ])
  })

  it('gives two stories with the same words in their addresses different slugs, the same each time', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dateline-pages-'))
    const other = join(folder, 'other.html')
    const html = await page('malformed.html')
    await writeFile(other, html.replace('https://gazette.example/', 'https://herald.example/'))
    const { stdout } = await ingest(pagePath('malformed.html'), other, other)
    await rm(folder, { recursive: true })
    expect(stdout).toMatch(
      /^created +observatory-opens-its-dome\ncreated +(observatory-opens-its-dome-[0-9a-f]{8})\nunchanged +\1\n/,
    )
  })

  it('prints a line of JSON for each page when asked', async () => {
    const { stdout } = await ingest('--json', pagePath('graph.html'), '/no/such/page.html')
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      {
        source: pagePath('graph.html'),
        outcome: 'created',
        slug: 'river-towns-count-the-cost',
        url: 'https://courier.example/world/river-towns-count-the-cost?id=7',
        version: 1,
      },
      { source: '/no/such/page.html', outcome: 'failed', reason: 'the file does not exist' },
    ])
  })

  it('shows its usage', async () => {
    const help = await ingest('--help')
    expect(help).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^Usage: npm run ingest/),
    })
    expect(await ingest()).toMatchObject({ code: 1, stdout: '', stderr: help.stdout })
    expect(await ingest('--colour')).toMatchObject({ code: 1, stderr: expect.stringContaining('--colour') })
  })

  it('is refused in one line on the folder of a running gateway', async ({ skip }) => {
    skip(settings.env.DATABASE_URL !== undefined, 'A server takes several processes.')
    await using holder = startFile(join(import.meta.dirname, '../db/hold-database.ts'), [], settings.env)
    await holder.nextLine()
    const { code, stderr } = await ingest(pagePath('graph.html'))
    expect(code).toBe(1)
    expect(stderr).toMatch(/^The folder .* is in use by another process .*\n$/)
  })
})
