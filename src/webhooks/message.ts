import type { PrismaClient } from '../db/client/client.ts'
import { audienceForRemovals } from '../licensing/partner-audience.ts'
import { type PartnerAudience, servedAudience } from '../licensing/push-audience.ts'
import { changeJson } from '../syndication/article-json.ts'
import { writeChangeCursor } from '../syndication/cursor.ts'
import { recordDelivery } from '../syndication/delivery.ts'
import { type DeliveryRecord, everDelivered } from '../syndication/ledger.ts'
import { loadArticles } from '../syndication/load.ts'
import { project } from '../syndication/project.ts'
import { deliveryRecord, momentOf, noticesOf, type RemovalNotice } from '../syndication/removal-status.ts'
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
  delivery: DeliveryRecord
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
    if (!served && message.delivery.kind === 'STORY') return 'suspended'
    if (await recordDelivery({ partnerId, via: 'WEBHOOK', head, deliveries: [message.delivery] }, deps))
      return message
  }
}

async function messageNow(
  job: WebhookJob,
  audience: PartnerAudience,
  { prisma, now, publicUrl, history }: MessageDeps,
): Promise<Message | null> {
  const { articleId, kind } = job
  const at = new Date(job.at)
  const article = (await loadArticles(prisma, [articleId], publicUrl())).get(articleId)
  if (!article) return null
  const moment = momentOf([{ at }], now())
  const version = project(article, audience, moment)
  if (!version && !(await everDelivered(prisma, audience.id, [articleId])).has(articleId)) return null
  const notice = (await noticesOf([article], moment, prisma)).get(articleId)
  const outcome = version ? { article: version } : (notice as RemovalNotice)
  const cursor = writeChangeCursor({ epoch: history, ...placeOf(job) })
  const change = { cursor, kind, at, articleId, version: article.version, outcome }
  const { type, at: timestamp, ...data } = changeJson(change)
  return {
    body: messageBody(type, timestamp, data),
    delivery: deliveryRecord(articleId, article.version, outcome, audience),
  }
}

/** The form that Standard Webhooks recommends for the body. */
export function messageBody(type: string, timestamp: Date, data: object): string {
  return JSON.stringify({ type, timestamp, data })
}
