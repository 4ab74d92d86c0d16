import type { PrismaClient } from '../db/client/client.ts'
import { Forbidden } from '../errors.ts'
import { type PartnerAudience, servedAudience } from '../push/audience.ts'
import { handed, momentOf, reasonOf } from '../syndication/changes.ts'
import { writeChangeCursor } from '../syndication/cursor.ts'
import { handOver } from '../syndication/hand-over.ts'
import { everGiven, type Handed } from '../syndication/ledger.ts'
import { loadStories } from '../syndication/load.ts'
import { project } from '../syndication/project.ts'
import { changeJson } from '../syndication/story-json.ts'
import type { WebhookJob } from './job.ts'

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
 * @returns null when there is nothing to tell: the partner may not have the story, and never had it
 * @throws Forbidden for a partner that is not served any more
 */
export async function makeMessage(
  job: WebhookJob,
  { id: partnerId }: PartnerAudience,
  deps: MessageDeps,
): Promise<Message | null> {
  const { prisma } = deps
  for (;;) {
    // The head goes first: what is read after it, the licence too, can only be newer than it says.
    const { position: head } = await prisma.changeHead.findUniqueOrThrow({ where: { id: 1 } })
    const audience = await servedAudience(partnerId, prisma)
    if (!audience) throw new Forbidden('The partner was suspended while a message to it was made.')
    const message = await messageNow(job, audience, deps)
    if (!message) return null
    if (await handOver({ partnerId, via: 'WEBHOOK', head, handed: [message.handed] }, deps)) return message
  }
}

async function messageNow(
  { articleId, position, kind, at }: WebhookJob,
  audience: PartnerAudience,
  { prisma, now, publicUrl, history }: MessageDeps,
): Promise<Message | null> {
  const story = (await loadStories(prisma, [articleId], publicUrl())).get(articleId)
  if (!story) return null
  const moment = momentOf([{ at: new Date(at) }], now())
  const version = project(story, audience, moment)
  if (!version && !(await everGiven(prisma, audience.id, [articleId])).has(articleId)) return null
  const outcome = version ? { story: version } : { removed: reasonOf(story, moment) }
  const change = {
    cursor: writeChangeCursor({ epoch: history, position }),
    position,
    kind,
    at: new Date(at),
    articleId,
    version: story.version,
    outcome,
  }
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
