import { statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { TemporarilyUnavailable } from '../base/errors.ts'

/**
 * Writes are refused when less disk space is free: PostgreSQL stops when it can't create the next 16 MiB
 * segment of its log.
 */
export const MIN_FREE_BYTES = 48 * 1024 * 1024

/** Checks the folder of an embedded database. */
export interface FolderGuard {
  /** @throws TemporarilyUnavailable when a write could be lost */
  assertWritable(): void
  /** Why nothing can be written; null when it can. */
  problem(): string | null
}

/** File system calls, replaceable in tests. */
export interface Disk {
  /** The identity of a file; undefined when it does not exist. */
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
 * Detects that the folder was deleted or replaced: the database would continue with its open files, and
 * commits would be lost.
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
      throw new TemporarilyUnavailable("Data can't be stored at the moment. Try again later.", { cause })
    },
  }
}
