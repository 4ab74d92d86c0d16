import type { PrismaClient } from '../db/client/client.ts'
import { audienceForRemovals } from '../licensing/partner-audience.ts'
import { type PartnerAudience, servedAudience } from '../licensing/push-audience.ts'
import { changeJson } from '../syndication/article-json.ts'
import { writeChangeCursor } from '../syndication/cursor.ts'
import { recordDelivery } from '../syndication/delivery.ts'
import { everDelivered } from '../syndication/holdings.ts'
import type { DeliveryRecord } from '../syndication/ledger.ts'
import { loadArticles } from '../syndication/load.ts'
import { project } from '../syndication/project.ts'
import { deliveryRecord, momentOf, noticesOf, type RemovalNotice } from '../syndication/removal-status.ts'
import { placeOf, type WebhookJob } from './job.ts'

export interface MessageDeps {
  prisma: PrismaClient
  now: () => Date
  publicUrl: () => string
  /** The history of the positions; see HISTORY_SQL. */
  history: string
}

/** A message, and its delivery record. */
export interface Message {
  body: string
  delivery: DeliveryRecord
}

/**
 * Creates the message about a change for a partner: the current licensed version of the article, or the removal
 * notice. It is in the ledger before this returns, and the article has not changed since it was read.
 *
 * @returns "nothing" if the partner may not have the article and never received it; "suspended" if the partner
 *   is suspended and the message is not a removal
 */
export async function makeMessage(
  job: WebhookJob,
  partnerId: string,
  deps: MessageDeps,
): Promise<Message | 'nothing' | 'suspended'> {
  const { prisma } = deps
  for (;;) {
    // The head is read first: everything read later, including the licence, is at least as new.
    const { position: head } = await prisma.changeHead.findUniqueOrThrow({ where: { id: 1 } })
    const served = await servedAudience(partnerId, prisma)
    const message = await messageNow(job, served ?? (await audienceForRemovals(partnerId, prisma)), deps)
    if (!message) return 'nothing'
    if (!served && message.delivery.kind === 'ARTICLE') return 'suspended'
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

/** The body format of Standard Webhooks. */
export function messageBody(type: string, timestamp: Date, data: object): string {
  return JSON.stringify({ type, timestamp, data })
}
