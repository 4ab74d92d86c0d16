import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { SetupError } from '../base/errors.ts'
import { messageOf } from '../base/message-of.ts'
import { makeFolder } from './folder.ts'

/**
 * Locks the folder for this process, and creates it when missing. The lock is the operating system's (SQLite
 * supports it on every one), so it ends with the process.
 *
 * @throws FolderInUse when another process has locked the folder, SetupError when it can't be written to
 */
export async function lockFolder(dataDir: string): Promise<{ release(): Promise<void> }> {
  const holder = join(dataDir, 'lock.pid')
  const file = await openLockFile(dataDir)
  try {
    file.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    file.close()
    if (!isBusy(error)) throw unusable(dataDir, error)
    const pid = await readFile(holder, 'utf8').catch(() => '')
    throw new FolderInUse(
      `The folder ${dataDir} is in use by another process${pid && ` (${pid})`}: ` +
        'stop that process, or set DATA_DIR to another folder.',
    )
  }
  try {
    await writeFile(holder, `process ${process.pid}`)
  } catch (error) {
    file.close()
    throw unusable(dataDir, error)
  }
  return {
    async release() {
      await rm(holder, { force: true })
      file.close()
    },
  }
}

/** Another process has locked the folder, usually a gateway. */
export class FolderInUse extends SetupError {}

async function openLockFile(dataDir: string): Promise<DatabaseSync> {
  try {
    await makeFolder(dataDir)
    return new DatabaseSync(join(dataDir, 'lock'))
  } catch (error) {
    throw unusable(dataDir, error)
  }
}

function unusable(dataDir: string, error: unknown): SetupError {
  const reason = messageOf(error)
  return new SetupError(
    `The folder ${dataDir} cannot be used (${reason}): set DATA_DIR to a writable folder.`,
    { cause: error },
  )
}

/** SQLITE_BUSY, https://www.sqlite.org/rescode.html */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5
}
