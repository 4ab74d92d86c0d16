import type { PrismaClient } from '../db/client/client.ts'
import type { Audience } from '../syndication/audience.ts'
import { writeChangeCursor } from '../syndication/cursor.ts'
import { everGiven, type Handed, recordDeliveries } from '../syndication/ledger.ts'
import { loadStories } from '../syndication/load.ts'
import { lapsesAt, project } from '../syndication/project.ts'
import type { Story } from '../syndication/story.ts'
import { storyId, storyJson } from '../syndication/story-json.ts'
import type { WebhookJob } from './job.ts'

export interface MessageDeps {
  prisma: PrismaClient
  now: () => Date
  publicUrl: () => string
  /** The history that positions belong to; see FeedEpoch. */
  epoch: string
}

/** A message as it is sent, and what the ledger says of it. */
export interface Message {
  body: string
  handed: Handed
}

type PartnerAudience = Extract<Audience, { kind: 'partner' }>

/**
 * Makes the message about a change for a partner: the story as it stands now and as the partner may have it
 * now, whatever it was when the change happened, or the word to remove it. It is in the ledger before this
 * returns, and the story has not changed in between: whoever withdraws it afterwards finds who has it.
 *
 * @returns null when there is nothing to tell: the partner may not have the story, and never had it
 */
export async function makeMessage(
  job: WebhookJob,
  audience: PartnerAudience,
  deps: MessageDeps,
): Promise<Message | null> {
  for (;;) {
    const before = await lastChange(job.articleId, deps)
    const message = await messageNow(job, audience, deps)
    if (!message) return null
    const handOver = { partnerId: audience.id, via: 'WEBHOOK', at: deps.now() } as const
    await recordDeliveries(deps.prisma, handOver, [message.handed])
    if ((await lastChange(job.articleId, deps)) === before) return message
  }
}

async function messageNow(
  { articleId, position, kind, at }: WebhookJob,
  audience: PartnerAudience,
  { prisma, now, publicUrl, epoch }: MessageDeps,
): Promise<Message | null> {
  const story = (await loadStories(prisma, [articleId], publicUrl())).get(articleId)
  if (!story) return null
  const version = project(story, audience, now())
  const base = {
    cursor: writeChangeCursor({ epoch, position }),
    kind,
    version: story.version,
    storyId: storyId(articleId),
  }
  if (version) {
    return {
      body: written('story.changed', at, { ...base, story: storyJson(version) }),
      handed: {
        articleId,
        version: version.version,
        kind: 'STORY',
        lapsesAt: lapsesAt(version, audience.terms),
      },
    }
  }
  if (!(await everGiven(prisma, audience.id, [articleId])).has(articleId)) return null
  return {
    body: written('story.removed', at, { ...base, reason: reasonOf(story, now()) }),
    handed: { articleId, version: story.version, kind: 'REMOVAL', lapsesAt: null },
  }
}

/** The form that Standard Webhooks recommends for the body. */
export function written(type: string, timestamp: string, data: object): string {
  return JSON.stringify({ type, timestamp, data })
}

/** Why a story that the partner may not have may not be had. */
function reasonOf({ status, publishedAt, embargoedUntil }: Story, now: Date): string {
  if (status !== 'USABLE') return status
  const isAhead = publishedAt > now || (embargoedUntil !== null && embargoedUntil > now)
  return isAhead ? 'EMBARGOED' : 'LICENCE'
}

async function lastChange(articleId: string, { prisma }: MessageDeps): Promise<number | undefined> {
  const last = await prisma.articleChange.findFirst({
    where: { articleId },
    orderBy: { position: 'desc' },
    select: { position: true },
  })
  return last?.position
}
