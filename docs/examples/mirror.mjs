// Copies the articles that your licence covers into a folder, one JSON file for each article, and keeps them current:
//   DATELINE_KEY=dlk_… node mirror.mjs https://news.example ./articles [--once]
// You may stop or kill it at any time: it applies the changes of a page before it stores and acknowledges the cursor.
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'

const [gateway, folder, once] = process.argv.slice(2)
const headers = { authorization: `Bearer ${process.env.DATELINE_KEY}`, 'content-type': 'application/json' }
const cursorFile = join(folder, 'cursor')
const fileOf = (articleId) => join(folder, `${encodeURIComponent(articleId)}.json`)

await mkdir(folder, { recursive: true })
for (;;) {
  const { more, removalsOnly, retryAfter } = await applyPage()
  if (more) continue
  if (once && !removalsOnly) break
  // Polls cost 8,640 of the 20,000 requests a day. When the quota is used up, the gateway still sends removals.
  await after(1_000 * (removalsOnly ? Math.min(retryAfter, 60) : 10))
}

/** Reads one page of changes, applies it and returns it. */
async function applyPage() {
  const cursor = await readFile(cursorFile, 'utf8').catch(() => '')
  const page = await send(`changes?first=100${cursor && `&after=${cursor}`}`)
  if (!page) return startAgain()
  for (const change of page.changes) {
    if (change.type === 'article.removed') await rm(fileOf(change.articleId), { force: true })
    else await writeWhole(fileOf(change.articleId), JSON.stringify(change.article, null, 2))
  }
  await writeWhole(cursorFile, page.cursor)
  if (page.changes.length > 0) await send('acknowledge', { cursor: page.cursor })
  return page
}

/** After the gateway refused the cursor: deletes all articles, then the cursor, so that the next page is the first. */
async function startAgain() {
  for (const file of await readdir(folder)) if (file.endsWith('.json')) await rm(join(folder, file))
  await rm(cursorFile, { force: true })
  return { more: true }
}

/** Sends a request and returns the result; null if the gateway refuses the cursor. Retries after temporary failures. */
async function send(path, body) {
  const method = body ? 'POST' : 'GET'
  const options = { method, headers, body: body && JSON.stringify(body) }
  const answer = await fetch(`${gateway}/syndication/${path}`, options).catch((error) => ({ error }))
  if (answer.ok) return answer.json()
  if (answer.status === 410) return null
  if (answer.status >= 400 && answer.status < 500 && answer.status !== 429)
    throw new Error(await answer.text())
  console.error('Trying again:', String(answer.error?.cause ?? answer.error ?? answer.status))
  await after(1_000 * Number(answer.headers?.get('retry-after') ?? 1))
  return send(path, body)
}

/** Writes a file in one step: after a crash, the file has either the old or the new content. */
async function writeWhole(file, text) {
  await writeFile(`${file}.new`, text)
  await rename(`${file}.new`, file)
}
