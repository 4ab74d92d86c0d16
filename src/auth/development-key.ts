import { randomBytes } from 'node:crypto'
import { link, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { SetupError } from '../base/errors.ts'
import { makeFolder } from '../db/folder.ts'

/** The `iss` and `aud` of development tokens, which never equal an outlet's own. */
export const developmentIssuer = 'dateline-development'

/**
 * The key that signs development tokens: 32 random bytes, stored as base64url in `dev-auth-key` in the data
 * folder. It is created on first use; concurrent processes get the same key.
 *
 * @throws SetupError when the folder can't be used or the file has other content
 */
export async function developmentKey(dataDir: string): Promise<Uint8Array> {
  const path = join(dataDir, 'dev-auth-key')
  try {
    return decode(path, (await readIfPresent(path)) ?? (await create(dataDir, path)))
  } catch (error) {
    if (error instanceof SetupError || !isSystemError(error)) throw error
    throw new SetupError(
      `DATA_DIR: ${path} can't be used (${error.code}): set DATA_DIR to a writable folder.`,
      {
        cause: error,
      },
    )
  }
}

/**
 * Writes a temporary file and links it into place: unlike a file that is created and then written, a link
 * appears with its content, and it fails when another process was first.
 */
async function create(dataDir: string, path: string): Promise<string> {
  await makeFolder(dataDir)
  const draft = `${path}.${randomBytes(8).toString('hex')}`
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(`${randomBytes(32).toString('base64url')}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await link(draft, path).catch((error: unknown) => {
      if (!isSystemError(error) || error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(draft, { force: true })
  }
  return readFile(path, 'utf8')
}

async function readIfPresent(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return null
    throw error
  }
}

function decode(path: string, text: string): Uint8Array {
  if (!/^[\w-]{43}\s*$/.test(text)) {
    throw new SetupError(
      `DATA_DIR: ${path} does not contain a key: delete this file, so that a new key is created.`,
    )
  }
  return Buffer.from(text.trim(), 'base64url')
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}
