import type { DeliveryWay } from '../db/client/client.ts'
import type { Audience } from './audience.ts'
import { type ChangeDeps, handed } from './changes.ts'
import { recordDeliveries } from './ledger.ts'
import { loadStories } from './load.ts'
import { project } from './project.ts'
import type { SyndicatedStory } from './story.ts'

/**
 * One story as an audience may have it; null when it may not. For a partner it is in the ledger before this
 * returns, and no change of the story has happened in between: whoever withdraws it afterwards finds who has it.
 */
export async function licensedStory(
  { articleId, audience, via }: { articleId: string; audience: Audience; via: DeliveryWay },
  deps: ChangeDeps,
): Promise<SyndicatedStory | null> {
  const { prisma, now, publicUrl } = deps
  for (;;) {
    const before = await lastChange(articleId, deps)
    const story = (await loadStories(prisma, [articleId], publicUrl)).get(articleId)
    const version = story ? project(story, audience, now()) : null
    if (!version || audience.kind !== 'partner') return version
    const line = handed(articleId, version.version, { story: version }, audience)
    await recordDeliveries(prisma, { partnerId: audience.id, via, at: now() }, [line])
    if ((await lastChange(articleId, deps)) === before) return version
  }
}

/** The position of the newest change of a story; null before the first. */
async function lastChange(articleId: string, { prisma }: ChangeDeps): Promise<number | null> {
  const last = await prisma.articleChange.findFirst({
    where: { articleId },
    orderBy: { position: 'desc' },
    select: { position: true },
  })
  return last?.position ?? null
}
