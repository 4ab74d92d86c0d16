import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Viewer } from '../auth/viewer.ts'
import { notifyPublisher } from '../bus/notify.ts'
import { decide } from '../comments/decide.ts'
import { submitComment } from '../comments/submit.ts'
import type { Config } from '../config/config.ts'
import type { Database } from '../db/database.ts'
import { loadSample } from './load.ts'

/**
 * Loads the sample newsroom where it belongs: into a new embedded database, or wherever SAMPLE says "on".
 * A mark in the data folder makes an interrupted load go on at the next start.
 * @returns whether it was loaded
 */
export async function fillWithSample(database: Database, config: Config, now: () => Date): Promise<boolean> {
  const mark = join(config.dataDir, 'sample.unfinished')
  const embedded = database.kind === 'embedded'
  const wanted = config.sample ?? (embedded && (database.isNew || existsSync(mark)))
  if (!wanted) return false
  if (embedded) await writeFile(mark, '')
  // Several gateways may start on one empty database: one loads, and the next finds everything there.
  await database.withExclusiveLock(() => load(database, now))
  if (embedded) await rm(mark)
  return true
}

/** Loads the sample by the newsroom's own rules: readers submit, a moderator decides. */
function load({ prisma }: Database, now: () => Date): Promise<void> {
  return loadSample({
    prisma,
    now,
    async submit({ reader, at, ...submission }) {
      const viewer: Viewer = { ...reader, role: 'reader', expiresAt: null }
      const { id } = await submitComment(submission, { prisma, viewer, now: () => at })
      return id
    },
    decide: ({ commentId, verdict, guidelines, note, at }) =>
      decide(
        { ids: [commentId], verdict, guidelines, note },
        { prisma, bus: notifyPublisher(prisma), viewer: sampleModerator, now: () => at },
      ),
  })
}

const sampleModerator: Viewer = {
  role: 'moderator',
  subject: 'sample-moderator',
  displayName: 'Sample moderator',
  expiresAt: null,
}
