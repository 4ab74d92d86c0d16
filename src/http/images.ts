import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The images of the sample newsroom, by file name. */
export interface Images {
  /** The file, or null when it does not exist. */
  read(name: string): Promise<Buffer | null>
}

/** Only plain file names, so that a path can't lead out of the folder. */
const NAME = /^[a-z0-9-]+\.svg$/

export function imagesIn(folder: string): Images {
  return {
    async read(name) {
      if (!NAME.test(name)) return null
      try {
        return await readFile(join(folder, name))
      } catch {
        return null
      }
    },
  }
}
