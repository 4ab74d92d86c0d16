import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Asset, compressAsset } from '../../http/asset.ts'
import type { Pages } from '../pages/pages.tsx'
import { type Addresses, bundleForBrowsers, bundlePages } from './bundle.ts'

const root = new URL('../../..', import.meta.url).pathname

/** Bundles of earlier versions are kept up to this number, and this one. */
const MAX_KEPT = 3

/** The quality of Brotli: files are compressed when they are first requested. */
const BROTLI_QUALITY = 9

/** The code for browsers, and the reader's pages. */
export interface Bundles {
  addresses: Addresses
  pages: Pages
  /** A file by its address, `/assets/…`; null if there is none. */
  asset(address: string): Promise<Asset> | null
}

/**
 * Opens the bundles of the current source. They are made at the first start, which takes less than a second, and kept
 * in node_modules/.cache, or in a temporary folder if that is not writable.
 */
export async function openBundles(cache = CACHE): Promise<Bundles> {
  const { folder, isTemporary } = await bundledFolder(cache)
  try {
    return await readBundles(folder)
  } finally {
    if (isTemporary) await rm(folder, { recursive: true, force: true })
  }
}

/** Reads all files: another version of the gateway may remove the folder later. */
async function readBundles(folder: string): Promise<Bundles> {
  const addresses = JSON.parse(await readFile(join(folder, ADDRESSES), 'utf8')) as Addresses
  const { pages } = (await import(pathToFileURL(join(folder, PAGES)).href)) as { pages: Pages }
  const names = await readdir(join(folder, 'assets'))
  const files = new Map<string, Buffer>(
    await Promise.all(
      names.map(async (name) => [`/assets/${name}`, await readFile(join(folder, 'assets', name))] as const),
    ),
  )
  const known = new Map<string, Promise<Asset>>()
  return {
    addresses,
    pages,
    asset(address) {
      const file = files.get(address)
      if (!file) return null
      const asset = known.get(address) ?? compressed(address, file)
      known.set(address, asset)
      return asset
    },
  }
}

const ADDRESSES = 'addresses.json'
const PAGES = 'pages.mjs'

const CACHE = join(root, 'node_modules/.cache/dateline-web')

async function bundledFolder(cache: string): Promise<{ folder: string; isTemporary: boolean }> {
  const folder = join(cache, await sourceHash())
  if (existsSync(folder)) {
    // The time of the last use decides which folders are removed.
    await utimes(folder, new Date(), new Date()).catch(() => {})
    return { folder, isTemporary: false }
  }
  const draft = `${folder}.${randomBytes(4).toString('hex')}`
  try {
    await mkdir(draft, { recursive: true })
  } catch {
    const temporary = await mkdtemp(join(tmpdir(), 'dateline-web-'))
    await writeBundles(temporary)
    return { folder: temporary, isTemporary: true }
  }
  try {
    await writeBundles(draft)
    // Another gateway may have been first: its files are the same.
    await rename(draft, folder).catch((error) => {
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  await removeOld(cache, folder)
  return { folder, isTemporary: false }
}

async function writeBundles(folder: string): Promise<void> {
  const [addresses] = await Promise.all([bundleForBrowsers(folder), bundlePages(join(folder, PAGES))])
  await writeFile(join(folder, ADDRESSES), JSON.stringify(addresses))
}

/** Changes whenever the bundles would: with their source, the documents, and the packages. */
async function sourceHash(): Promise<string> {
  const hash = createHash('sha256')
  const folders = ['src/web', 'src/text', 'schema/operations']
  const files = (await Promise.all(folders.map(filesIn))).flat()
  // The ids of documents depend on the last two.
  const others = ['package-lock.json', 'src/graphql/known-documents.ts', 'src/graphql/operations.ts']
  for (const file of [...files.sort(), ...others]) {
    hash.update(file).update('\0')
    hash.update(await readFile(join(root, file)))
  }
  return hash.digest('hex').slice(0, 16)
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
}

/** Removes the folders that were not used for the longest time. */
async function removeOld(cache: string, current: string): Promise<void> {
  const paths = (await readdir(cache)).map((name) => join(cache, name)).filter((path) => path !== current)
  const usedAt = async (path: string) => (await stat(path).catch(() => null))?.mtimeMs ?? 0
  const folders = await Promise.all(paths.map(async (path) => ({ path, usedAt: await usedAt(path) })))
  const old = folders.sort((a, b) => b.usedAt - a.usedAt).slice(MAX_KEPT)
  await Promise.all(old.map(({ path }) => rm(path, { recursive: true, force: true }).catch(() => {})))
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}

async function compressed(address: string, file: Buffer): Promise<Asset> {
  return compressAsset(file, TYPES[extname(address)] ?? 'application/octet-stream', BROTLI_QUALITY)
}
