import type { PrismaClient } from '../db/client/client.ts'
import { audienceForRemovals } from '../licensing/partner-audience.ts'
import { type PartnerAudience, servedAudience } from '../licensing/push-audience.ts'
import { changeJson } from '../syndication/article-json.ts'
import { writeChangeCursor } from '../syndication/cursor.ts'
import { handOver } from '../syndication/delivery.ts'
import { everGiven, type Handed } from '../syndication/ledger.ts'
import { loadStories } from '../syndication/load.ts'
import { project } from '../syndication/project.ts'
import { handed, momentOf, noticesOf, type RemovalNotice } from '../syndication/removal-status.ts'
import { placeOf, type WebhookJob } from './job.ts'

export interface MessageDeps {
  prisma: PrismaClient
  now: () => Date
  publicUrl: () => string
  /** The history that positions belong to; see HISTORY_SQL. */
  history: string
}

/** A message as it is sent, and what the ledger says of it. */
export interface Message {
  body: string
  handed: Handed
}

/**
 * Makes the message about a change for a partner: the story as it stands now and as the partner may have it
 * now, whatever it was when the change happened, or the word to remove it. It is in the ledger before this
 * returns, and the story has not changed in between: whoever withdraws it afterwards finds who has it.
 *
 * @returns "nothing" when there is nothing to tell: the partner may not have the story, and never had it;
 *   "suspended" when the partner is, and the message is not about a removal, which it is told all the same
 */
export async function makeMessage(
  job: WebhookJob,
  partnerId: string,
  deps: MessageDeps,
): Promise<Message | 'nothing' | 'suspended'> {
  const { prisma } = deps
  for (;;) {
    // The head goes first: what is read after it, the licence too, can only be newer than it says.
    const { position: head } = await prisma.changeHead.findUniqueOrThrow({ where: { id: 1 } })
    const served = await servedAudience(partnerId, prisma)
    const message = await messageNow(job, served ?? (await audienceForRemovals(partnerId, prisma)), deps)
    if (!message) return 'nothing'
    if (!served && message.handed.kind === 'STORY') return 'suspended'
    if (await handOver({ partnerId, via: 'WEBHOOK', head, handed: [message.handed] }, deps)) return message
  }
}

async function messageNow(
  job: WebhookJob,
  audience: PartnerAudience,
  { prisma, now, publicUrl, history }: MessageDeps,
): Promise<Message | null> {
  const { articleId, kind } = job
  const at = new Date(job.at)
  const story = (await loadStories(prisma, [articleId], publicUrl())).get(articleId)
  if (!story) return null
  const moment = momentOf([{ at }], now())
  const version = project(story, audience, moment)
  if (!version && !(await everGiven(prisma, audience.id, [articleId])).has(articleId)) return null
  const notice = (await noticesOf([story], moment, prisma)).get(articleId)
  const outcome = version ? { story: version } : (notice as RemovalNotice)
  const cursor = writeChangeCursor({ epoch: history, ...placeOf(job) })
  const change = { cursor, kind, at, articleId, version: story.version, outcome }
  const { type, at: timestamp, ...data } = changeJson(change)
  return {
    body: written(type, timestamp, data),
    handed: handed(articleId, story.version, outcome, audience),
  }
}

/** The form that Standard Webhooks recommends for the body. */
export function written(type: string, timestamp: Date, data: object): string {
  return JSON.stringify({ type, timestamp, data })
}
