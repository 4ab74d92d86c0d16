import { DomainError } from '../base/errors.ts'
import type { DeliveryWay } from '../db/client/client.ts'
import type { Audience } from '../licensing/audience.ts'
import { upToDate } from '../licensing/partner-audience.ts'
import { noticeJson, storyId } from './article-json.ts'
import type { ChangeDeps } from './changes.ts'
import { handOver } from './delivery.ts'
import { everGiven } from './ledger.ts'
import type { SyndicatedStory } from './licensed-article.ts'
import { loadStories } from './load.ts'
import { project } from './project.ts'
import { handed, noticesOf, type RemovalNotice } from './removal-status.ts'

/** A partner was given the story, and may not have it any more. */
export class StoryGone extends DomainError {
  readonly articleId: string
  readonly notice: RemovalNotice
  override readonly details: Readonly<Record<string, unknown>>

  constructor(articleId: string, notice: RemovalNotice) {
    super('STORY_REMOVED', 'You may not keep this story. Remove it everywhere.')
    this.articleId = articleId
    this.notice = notice
    this.details = { storyId: storyId(articleId), ...noticeJson(notice) }
  }
}

/**
 * One story as an audience may have it; null when it may not. For a partner it is in the ledger before this
 * returns, and no change of the story has happened in between: whoever withdraws it afterwards finds who has it.
 *
 * @throws StoryGone where a partner was given it and must remove it; that it is told so is in the ledger too
 */
export async function licensedStory(
  { articleId, audience: asker, via }: { articleId: string; audience: Audience; via: DeliveryWay },
  deps: Pick<ChangeDeps, 'prisma' | 'now' | 'publicUrl'>,
): Promise<SyndicatedStory | null> {
  const { prisma, now, publicUrl } = deps
  for (;;) {
    const { position: head } = await prisma.changeHead.findUniqueOrThrow({ where: { id: 1 } })
    const audience = await upToDate(asker, prisma)
    const story = (await loadStories(prisma, [articleId], publicUrl)).get(articleId)
    const moment = now()
    const version = story ? project(story, audience, moment) : null
    if (!story || audience.kind !== 'partner') return version
    if (!version && !(await everGiven(prisma, audience.id, [articleId])).has(articleId)) return null
    const notice = (await noticesOf([story], moment, prisma)).get(articleId) as RemovalNotice
    const outcome = version ? { story: version } : notice
    const line = handed(articleId, story.version, outcome, audience)
    if (!(await handOver({ partnerId: audience.id, via, head, handed: [line] }, deps))) continue
    if (version) return version
    throw new StoryGone(articleId, notice)
  }
}
