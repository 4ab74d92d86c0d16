import type { DeliveryWay } from '../db/client/client.ts'
import type { Audience } from './audience.ts'
import { type ChangeDeps, handed } from './changes.ts'
import { handOver, readHead } from './hand-over.ts'
import { loadStories } from './load.ts'
import { project } from './project.ts'
import type { SyndicatedStory } from './story.ts'

/**
 * One story as an audience may have it; null when it may not. For a partner it is in the ledger before this
 * returns.
 */
export async function licensedStory(
  { articleId, audience, via }: { articleId: string; audience: Audience; via: DeliveryWay },
  deps: ChangeDeps,
): Promise<SyndicatedStory | null> {
  const { prisma, now, publicUrl } = deps
  for (;;) {
    const head = await readHead(prisma)
    const story = (await loadStories(prisma, [articleId], publicUrl)).get(articleId)
    const version = story ? project(story, audience, now()) : null
    if (!version || audience.kind !== 'partner') return version
    const line = handed(articleId, version.version, { story: version }, audience)
    if (await handOver({ partnerId: audience.id, via, handed: [line], head }, deps)) return version
  }
}
