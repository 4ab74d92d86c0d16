import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Creates a folder with its parents. Node's own recursive mkdir never ends where a parent exists but nothing
 * can be created in it, as under /proc.
 */
export async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return
  await makeFolder(dirname(folder))
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    // Another process may have created it a moment ago.
    if (error.code !== 'EEXIST') throw error
  })
}
