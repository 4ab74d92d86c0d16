import { fromPrisma, type Job } from 'pg-boss'
import type { Log } from '../db/database.ts'
import { type Backoff, nextAttempt } from '../jobs/backoff.ts'
import type { PushCounters } from '../jobs/metrics.ts'
import type { JobQueue } from '../jobs/queue.ts'
import type { OutboundResponse, SendRequest } from '../net/outbound-http.ts'
import { acknowledgeDelivery, recordFailure } from '../syndication/ledger.ts'
import { activeSecrets } from './endpoint.ts'
import { messageId, type WebhookJob } from './job.ts'
import { type Message, type MessageDeps, makeMessage } from './message.ts'
import { FAILING_AFTER_MS } from './queue-some.ts'
import { signatures } from './signature.ts'
import { retryNow, returnToSequence, rewindEndpoint } from './waiting.ts'

export interface SenderDeps extends MessageDeps {
  queue: JobQueue
  sendRequest: SendRequest
  backoff: Backoff
  counters: PushCounters
  log: Log
  /** Pauses an endpoint until a time. */
  hold: (endpointId: string, until: Date) => void
  /** Reports whether an attempt succeeded. */
  reached: (endpointId: string, arrived: boolean) => void
}

/** After this time without a success, an endpoint is disabled. */
const DISABLE_AFTER_MS = 5 * 24 * 60 * 60 * 1000

type Endpoint = NonNullable<Awaited<ReturnType<typeof findEndpoint>>>

/** Makes one attempt to deliver a message and completes or reschedules its job. */
export async function send(job: Job<WebhookJob>, signal: AbortSignal, deps: SenderDeps): Promise<void> {
  const endpoint = await findEndpoint(job.data.endpointId, deps)
  if (!endpoint) return drop(job, deps)
  if (endpoint.disabledAt) return returnAllJobs(job, deps)
  const message = await makeMessage(job.data, endpoint.partnerId, deps)
  if (message === 'nothing') return drop(job, deps)
  if (message === 'suspended') return returnJob(job, deps)
  const answer = await attempt(job.data, { endpoint, message, signal }, deps)
  const arrived = 'status' in answer && answer.status >= 200 && answer.status < 300
  deps.counters.attempted('webhooks', arrived)
  deps.reached(endpoint.id, arrived)
  if (arrived) return settle(job, { endpoint, message }, deps)
  const reason = reasonOf(answer)
  const failed = { partnerId: endpoint.partnerId, via: 'WEBHOOK', at: deps.now(), reason } as const
  await recordFailure(deps.prisma, failed, [message.delivery])
  if ('status' in answer && answer.status === 410) {
    return disableEndpoint(job, endpoint, 'the receiver answered 410 Gone', deps)
  }
  await postpone(job, endpoint, answer, deps)
}

function findEndpoint(id: string, { prisma }: SenderDeps) {
  return prisma.webhookEndpoint.findUnique({ where: { id }, include: { secrets: true } })
}

async function attempt(
  job: WebhookJob,
  { endpoint, message, signal }: { endpoint: Endpoint; message: Message; signal: AbortSignal },
  { sendRequest, now }: SenderDeps,
): Promise<OutboundResponse | { error: Error }> {
  const id = messageId(job)
  const timestamp = Math.floor(now().getTime() / 1000)
  const { body } = message
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures({ id, timestamp, body }, activeSecrets(endpoint.secrets, now())),
  }
  try {
    return await sendRequest({ method: 'POST', url: endpoint.url, headers, body, signal })
  } catch (error) {
    signal.throwIfAborted()
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }
}

function reasonOf(answer: OutboundResponse | { error: Error }): string {
  return 'error' in answer ? answer.error.message || 'no response' : `the receiver answered ${answer.status}`
}

/** Success: records the acknowledgement and completes the job in one transaction. */
async function settle(
  job: Job<WebhookJob>,
  { endpoint, message }: { endpoint: Endpoint; message: Message },
  { prisma, queue, now }: SenderDeps,
): Promise<void> {
  const boss = await queue.open()
  const at = now()
  const { id, partnerId, failingSince } = endpoint
  await prisma.$transaction(async (tx) => {
    await acknowledgeDelivery(tx, { ...message.delivery, partnerId, via: 'WEBHOOK', at })
    if (failingSince) await tx.webhookEndpoint.updateMany({ where: { id }, data: { failingSince: null } })
    await boss.complete('webhooks', job, undefined, { db: fromPrisma(tx) })
  })
  // The endpoint has recovered: retry the waiting messages now.
  const wasAway = failingSince && at.getTime() - failingSince.getTime() >= FAILING_AFTER_MS
  if (wasAway) await retryNow(boss, prisma, id)
}

/** Failure: schedules a retry, or disables the endpoint after days without a success. */
async function postpone(
  job: Job<WebhookJob>,
  endpoint: Endpoint,
  answer: OutboundResponse | { error: Error },
  deps: SenderDeps,
): Promise<void> {
  const { prisma, queue, backoff, now, hold } = deps
  const at = now()
  const { id, failingSince } = endpoint
  const reason = reasonOf(answer)
  if (failingSince && at.getTime() - failingSince.getTime() >= DISABLE_AFTER_MS) {
    return disableEndpoint(job, endpoint, `no attempt succeeded for five days; last error: ${reason}`, deps)
  }
  const asked = 'status' in answer && (answer.status === 429 || answer.status === 503)
  const retryAfter = asked ? answer.headers['retry-after'] : undefined
  const attempts = job.data.attempts + 1
  const startAfter = nextAttempt(backoff, { attempts, at, retryAfter })
  if (retryAfter) hold(id, startAfter)
  const boss = await queue.open()
  await prisma.$transaction(async (tx) => {
    // Lock the endpoint before the job, as the dispatcher does.
    if (!failingSince) {
      await tx.webhookEndpoint.updateMany({ where: { id, failingSince: null }, data: { failingSince: at } })
    }
    const db = fromPrisma(tx)
    await boss.fail('webhooks', job, { reason }, { db })
    await boss.update('webhooks', { ...job.data, attempts }, { id: job.id, startAfter, db })
  })
}

async function disableEndpoint(
  job: Job<WebhookJob>,
  { id, partnerId }: Endpoint,
  reason: string,
  deps: SenderDeps,
): Promise<void> {
  const disabledReason = reason.slice(0, 500)
  const { count } = await deps.prisma.webhookEndpoint.updateMany({
    where: { id, disabledAt: null },
    data: { disabledAt: deps.now(), disabledReason },
  })
  if (count > 0) deps.log.warn({ endpoint: id, partner: partnerId, reason }, 'webhook disabled')
  await returnAllJobs(job, deps)
}

async function returnAllJobs(job: Job<WebhookJob>, { prisma, queue }: SenderDeps): Promise<void> {
  const boss = await queue.open()
  await prisma.$transaction(async (tx) => {
    await returnToSequence(boss, tx, job.data.endpointId, job.data.position)
    await boss.deleteJob('webhooks', job, { db: fromPrisma(tx) })
  })
}

/** The partner is suspended and the message is not a removal: it goes back to the change sequence. */
async function returnJob(job: Job<WebhookJob>, { prisma, queue }: SenderDeps): Promise<void> {
  const boss = await queue.open()
  await prisma.$transaction(async (tx) => {
    await rewindEndpoint(tx, job.data.endpointId, job.data.position)
    await boss.deleteJob('webhooks', job, { db: fromPrisma(tx) })
  })
}

/** Completes a job without sending. */
async function drop(job: Job<WebhookJob>, { queue }: SenderDeps): Promise<void> {
  await (await queue.open()).complete('webhooks', job)
}
