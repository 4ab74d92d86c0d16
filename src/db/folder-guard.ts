import { statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { TemporarilyUnavailable } from '../base/errors.ts'

/**
 * Writes are refused while the disk has less room: PostgreSQL ends when it can't make the next segment of its log,
 * which takes 16 MiB.
 */
export const MIN_FREE_BYTES = 48 * 1024 * 1024

/** Watches the folder of an embedded database. */
export interface FolderGuard {
  /** @throws TemporarilyUnavailable when what is written now could be lost */
  assertWritable(): void
  /** Says why nothing can be written; null when it can. */
  problem(): string | null
}

/** What the system says of a path, so that a test can say something else. */
export interface Disk {
  /** The identity of a file; undefined when it is not there. */
  identity(path: string): string | undefined
  freeBytes(path: string): number
}

const disk: Disk = {
  identity(path) {
    const found = statSync(path, { throwIfNoEntry: false })
    return found && `${found.dev}:${found.ino}`
  },
  freeBytes(path) {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize
  },
}

/**
 * The database goes on with the files that it has open after its folder was deleted or replaced, and commits into
 * nothing: only a look at the folder tells.
 *
 * @param folder the embedded database, opened
 */
export function guardFolder(folder: string, { identity, freeBytes }: Disk = disk): FolderGuard {
  const file = join(folder, 'PG_VERSION')
  const opened = identity(file)
  const problem = () => {
    try {
      if (identity(file) !== opened)
        return 'the folder of the database was deleted or replaced; restart the gateway'
      if (freeBytes(dirname(folder)) < MIN_FREE_BYTES) return 'the disk of DATA_DIR is full'
      return null
    } catch (error) {
      return `the folder of the database cannot be read (${(error as NodeJS.ErrnoException).code})`
    }
  }
  return {
    problem,
    assertWritable() {
      const cause = problem()
      if (cause === null) return
      throw new TemporarilyUnavailable('Nothing can be stored just now. Try again later.', { cause })
    },
  }
}
