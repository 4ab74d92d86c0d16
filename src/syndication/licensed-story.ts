import type { DeliveryWay } from '../db/client/client.ts'
import { upToDate } from '../partner/audience.ts'
import type { Audience } from './audience.ts'
import { type ChangeDeps, handed } from './changes.ts'
import { handOver } from './hand-over.ts'
import { loadStories } from './load.ts'
import { project } from './project.ts'
import type { SyndicatedStory } from './story.ts'

/**
 * One story as an audience may have it; null when it may not. For a partner it is in the ledger before this
 * returns, and no change of the story has happened in between: whoever withdraws it afterwards finds who has it.
 */
export async function licensedStory(
  { articleId, audience: asker, via }: { articleId: string; audience: Audience; via: DeliveryWay },
  deps: ChangeDeps,
): Promise<SyndicatedStory | null> {
  const { prisma, now, publicUrl } = deps
  for (;;) {
    const { position: head } = await prisma.changeHead.findUniqueOrThrow({ where: { id: 1 } })
    const audience = await upToDate(asker, prisma)
    const story = (await loadStories(prisma, [articleId], publicUrl)).get(articleId)
    const version = story ? project(story, audience, now()) : null
    if (!version || audience.kind !== 'partner') return version
    const line = handed(articleId, version.version, { story: version }, audience)
    if (await handOver({ partnerId: audience.id, via, head, handed: [line] }, deps)) return version
  }
}
