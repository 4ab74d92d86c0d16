import type { PrismaClient } from '../db/client/client.ts'
import type { PartnerAudience } from '../push/audience.ts'
import { handed, reasonOf } from '../syndication/changes.ts'
import { writeChangeCursor } from '../syndication/cursor.ts'
import { handOver, readHead } from '../syndication/hand-over.ts'
import { everGiven, type Handed } from '../syndication/ledger.ts'
import { loadStories } from '../syndication/load.ts'
import { project } from '../syndication/project.ts'
import { changeJson } from '../syndication/story-json.ts'
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
    const head = await readHead(deps.prisma)
    const message = await messageNow(job, audience, deps)
    if (!message) return null
    const { handed } = message
    if (await handOver({ partnerId: audience.id, via: 'WEBHOOK', handed: [handed], head }, deps))
      return message
  }
}

async function messageNow(
  { articleId, position, kind, at }: WebhookJob,
  audience: PartnerAudience,
  { prisma, now, publicUrl, epoch }: MessageDeps,
): Promise<Message | null> {
  const story = (await loadStories(prisma, [articleId], publicUrl())).get(articleId)
  if (!story) return null
  const moment = now()
  const version = project(story, audience, moment)
  if (!version && !(await everGiven(prisma, audience.id, [articleId])).has(articleId)) return null
  const outcome = version ? { story: version } : { removed: reasonOf(story, moment) }
  const change = {
    cursor: writeChangeCursor({ epoch, position }),
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
