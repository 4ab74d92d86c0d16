import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openBundles } from '../../src/web/build/bundles.ts'

async function emptyFolder() {
  const path = await mkdtemp(join(tmpdir(), 'bundles-test-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

test('a gateway sends its files after another version has removed its folder', async () => {
  await using cache = await emptyFolder()
  const { addresses, asset } = await openBundles(cache.path)
  await rm(cache.path, { recursive: true })
  for (const address of Object.values(addresses)) expect(await asset(address)).toBeTruthy()
  expect(asset('/assets/none.js')).toBeNull()
})

test('the folders that were used last are kept', async () => {
  await using cache = await emptyFolder()
  const ages = { a: 1, b: 5, c: 2, d: 4, e: 3 }
  for (const [name, days] of Object.entries(ages)) {
    const at = new Date(Date.now() - days * 86_400_000)
    await mkdir(join(cache.path, name))
    await utimes(join(cache.path, name), at, at)
  }
  await openBundles(cache.path)
  expect((await readdir(cache.path)).filter((name) => name.length === 1).sort()).toEqual(['a', 'c', 'e'])
})

test('in a folder that is not writable, no temporary folder is left behind', async () => {
  await using place = await emptyFolder()
  await writeFile(join(place.path, 'file'), '')
  const temporary = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('dateline-web-'))
  const before = await temporary()
  const { addresses, asset } = await openBundles(join(place.path, 'file', 'cache'))
  expect(await temporary()).toEqual(before)
  expect(await asset(addresses['widget.js'] ?? '')).toBeTruthy()
})
