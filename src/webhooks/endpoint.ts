import { randomUUID } from 'node:crypto'
import { InvalidInput, NotFound } from '../base/errors.ts'
import { messageOf } from '../base/message-of.ts'
import type { Publisher } from '../bus/bus.ts'
import type { Prisma, PrismaClient, WebhookEndpoint, WebhookSecret } from '../db/client/client.ts'
import { lockEndpointRow } from '../db/locks.ts'
import { assertAllowedAddress, ForbiddenAddress, type SendRequest } from '../net/outbound-http.ts'
import { messageBody } from './message.ts'
import { newSecret, signatures } from './signature.ts'

export interface EndpointDeps {
  prisma: PrismaClient
  now: () => Date
  /** Whether endpoints may be on this machine: in development. */
  allowLoopback: boolean
  /** Runs the writes; an ordinary transaction by default. */
  transaction?: Publisher['transaction']
}

/** An endpoint with its new secret, which is shown only once. */
export interface EndpointWithSecret {
  endpoint: WebhookEndpoint
  secret: string
}

const MAX_ENDPOINTS = 20
const MAX_URL_CHARACTERS = 2_000

/** The maximum overlap of old and new secrets. */
const MAX_OVERLAP_SECONDS = 30 * 86_400

/**
 * Adds an endpoint to a partner. It receives changes from now on.
 *
 * @param partner the slug
 * @throws InvalidInput for a URL that is not allowed; NotFound for an unknown partner
 */
export async function addEndpoint(
  { partner: slug, url }: { partner: string; url: string },
  deps: EndpointDeps,
): Promise<EndpointWithSecret> {
  const { prisma, now, allowLoopback } = deps
  const address = checkedUrl(url, allowLoopback)
  const partner = await prisma.partner.findUnique({
    where: { slug },
    include: { _count: { select: { endpoints: true } } },
  })
  if (!partner) throw new NotFound(`partner "${slug.slice(0, 80)}"`)
  if (partner._count.endpoints >= MAX_ENDPOINTS) {
    throw new InvalidInput('url', `The partner has ${MAX_ENDPOINTS} webhooks, the maximum. Remove one first.`)
  }
  const { position } = await prisma.changeHead.findUniqueOrThrow({ where: { id: 1 } })
  const secret = newSecret()
  const createdAt = now()
  const data = { partnerId: partner.id, url: address, createdAt, position }
  const endpoint = await inTransaction(deps, (tx) =>
    tx.webhookEndpoint.create({ data: { ...data, secrets: { create: { secret, createdAt } } } }),
  )
  return { endpoint, secret }
}

/**
 * Creates a new secret for an endpoint.
 *
 * @param overlap how long messages are also signed with the old secret, in s
 * @throws NotFound, InvalidInput for `overlap`
 */
export async function rotateSecret(
  { id, overlap }: { id: string; overlap: number },
  deps: EndpointDeps,
): Promise<EndpointWithSecret> {
  if (overlap > MAX_OVERLAP_SECONDS)
    throw new InvalidInput('overlap', '"overlap" is too long. The maximum is 30 days.')
  const at = deps.now()
  const secret = newSecret()
  const endpoint = await inTransaction(deps, async (tx) => {
    // Without the lock, two concurrent rotations would leave two secrets without an end.
    await lockEndpointRow(tx, id)
    const found = await tx.webhookEndpoint.findUnique({ where: { id } })
    if (!found) throw new NotFound('webhook')
    const end = new Date(at.getTime() + overlap * 1_000)
    await tx.webhookSecret.updateMany({
      where: { endpointId: id, OR: [{ expiresAt: null }, { expiresAt: { gt: end } }] },
      data: { expiresAt: end },
    })
    await tx.webhookSecret.deleteMany({ where: { endpointId: id, expiresAt: { lte: at } } })
    await tx.webhookSecret.create({ data: { endpointId: id, secret, createdAt: at } })
    return found
  })
  return { endpoint, secret }
}

/** Enables an endpoint. It continues where it stopped. */
export function enableEndpoint(id: string, deps: EndpointDeps): Promise<WebhookEndpoint> {
  const data = { disabledAt: null, disabledReason: null, failingSince: null }
  return inTransaction(deps, async (tx) => {
    const { count } = await tx.webhookEndpoint.updateMany({ where: { id }, data })
    if (count === 0) throw new NotFound('webhook')
    return tx.webhookEndpoint.findUniqueOrThrow({ where: { id } })
  })
}

/** Removes an endpoint and its secrets. Pending messages are discarded. */
export function removeEndpoint(id: string, deps: EndpointDeps): Promise<WebhookEndpoint> {
  return inTransaction(deps, async (tx) => {
    const endpoint = await tx.webhookEndpoint.findUnique({ where: { id } })
    if (!endpoint) throw new NotFound('webhook')
    await tx.webhookEndpoint.deleteMany({ where: { id } })
    return endpoint
  })
}

function inTransaction<T>(
  { prisma, transaction }: EndpointDeps,
  work: (tx: Prisma.TransactionClient) => Promise<T>,
): Promise<T> {
  return transaction ? transaction(work) : prisma.$transaction(work)
}

/** The result of a test message. */
export interface TestOutcome {
  /** The HTTP status; null when there was no answer. */
  status: number | null
  /** The error if there was no response. */
  error: string | null
}

/** Sends one message of the type "ping" to an endpoint. */
export async function testEndpoint(
  id: string,
  { prisma, now }: EndpointDeps,
  sendRequest: SendRequest,
): Promise<TestOutcome> {
  const endpoint = await prisma.webhookEndpoint.findUnique({ where: { id }, include: { secrets: true } })
  if (!endpoint) throw new NotFound('webhook')
  const at = now()
  const message = {
    id: `msg_${randomUUID().replaceAll('-', '')}`,
    timestamp: Math.floor(at.getTime() / 1000),
    body: messageBody('ping', at, {}),
  }
  const headers = {
    'content-type': 'application/json',
    'webhook-id': message.id,
    'webhook-timestamp': String(message.timestamp),
    'webhook-signature': signatures(message, activeSecrets(endpoint.secrets, at)),
  }
  try {
    const { status } = await sendRequest({ method: 'POST', url: endpoint.url, headers, body: message.body })
    return { status, error: null }
  } catch (error) {
    return { status: null, error: messageOf(error) }
  }
}

/** The valid secrets, newest first. */
export function activeSecrets(secrets: readonly WebhookSecret[], at: Date): string[] {
  return secrets
    .filter(({ expiresAt }) => expiresAt === null || expiresAt > at)
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
    .map(({ secret }) => secret)
}

function checkedUrl(url: string, allowLoopback: boolean): string {
  if (url.length > MAX_URL_CHARACTERS)
    throw new InvalidInput('url', `"url" is too long. The maximum is ${MAX_URL_CHARACTERS} characters.`)
  if (!URL.canParse(url))
    throw new InvalidInput('url', '"url" must be an absolute URL, such as https://example.org/news.')
  const address = new URL(url)
  try {
    assertAllowedAddress(address, allowLoopback)
  } catch (error) {
    if (error instanceof ForbiddenAddress)
      throw new InvalidInput('url', `"url" is not allowed: ${error.message}.`)
    throw error
  }
  address.hash = ''
  return address.href
}
