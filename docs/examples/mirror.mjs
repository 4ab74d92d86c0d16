// Mirrors the stories that your licence covers into a folder, one JSON file each, and keeps it so:
//   DATELINE_KEY=dlk_… node mirror.mjs https://news.example ./stories [--once]
// It may be stopped or killed at any moment: what it has is applied before it says so.
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'

const [gateway, folder, once] = process.argv.slice(2)
const headers = { authorization: `Bearer ${process.env.DATELINE_KEY}`, 'content-type': 'application/json' }
const cursorFile = join(folder, 'cursor')
const fileOf = (articleId) => join(folder, `${encodeURIComponent(articleId)}.json`)

await mkdir(folder, { recursive: true })
for (;;) {
  const { more, removalsOnly, retryAfter } = await takeOver()
  if (more) continue
  if (once && !removalsOnly) break
  // Looking costs quota, 8,640 of 20,000 a day. Once it is used up, removals are still told, and cost nothing.
  await after(1_000 * (removalsOnly ? Math.min(retryAfter, 60) : 10))
}

/** Applies one page of changes and returns it. */
async function takeOver() {
  const cursor = await readFile(cursorFile, 'utf8').catch(() => '')
  const page = await ask(`changes?first=100${cursor && `&after=${cursor}`}`)
  if (!page) return startAgain()
  for (const change of page.changes) {
    if (change.type === 'article.removed') await rm(fileOf(change.articleId), { force: true })
    else await writeWhole(fileOf(change.articleId), JSON.stringify(change.article, null, 2))
  }
  await writeWhole(cursorFile, page.cursor)
  if (page.changes.length > 0) await ask('acknowledge', { cursor: page.cursor })
  return page
}

/** The newsroom does not know the cursor any more: everything goes, the cursor last, and comes again. */
async function startAgain() {
  for (const file of await readdir(folder)) if (file.endsWith('.json')) await rm(join(folder, file))
  await rm(cursorFile, { force: true })
  return { more: true }
}

/** What the gateway says; null when the cursor is not known. Waits as long as it is told to. */
async function ask(path, body) {
  const method = body ? 'POST' : 'GET'
  const options = { method, headers, body: body && JSON.stringify(body) }
  const answer = await fetch(`${gateway}/syndication/${path}`, options).catch((error) => ({ error }))
  if (answer.ok) return answer.json()
  if (answer.status === 410) return null
  if (answer.status >= 400 && answer.status < 500 && answer.status !== 429)
    throw new Error(await answer.text())
  console.error('Trying again:', String(answer.error?.cause ?? answer.error ?? answer.status))
  await after(1_000 * Number(answer.headers?.get('retry-after') ?? 1))
  return ask(path, body)
}

/** A file appears whole or not at all. */
async function writeWhole(file, text) {
  await writeFile(`${file}.new`, text)
  await rename(`${file}.new`, file)
}
