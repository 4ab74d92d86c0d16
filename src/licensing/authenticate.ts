import { feedTokenOf, isSameHash, parseKey, prefixOfFeedToken } from '../auth/api-key.ts'
import type { Viewer } from '../auth/viewer.ts'
import { NotSignedIn, TemporarilyUnavailable } from '../base/errors.ts'
import type { KeyKind, PartnerKey, PrismaClient } from '../db/client/client.ts'

export interface KeyDeps {
  prisma: PrismaClient
  now: () => Date
}

/** `lastUsedAt` is rounded to the minute, so that not every request writes. */
const MINUTE_MS = 60_000

/**
 * Finds the partner of an API key of the given kind. A full key stays valid while the partner is suspended, so
 * that the partner can read its removals.
 *
 * @throws NotSignedIn without the reason; TemporarilyUnavailable if the check fails
 */
export async function partnerWithKey(text: string, kind: KeyKind, deps: KeyDeps): Promise<Viewer> {
  const key = parseKey(text)
  if (key?.kind !== kind) throw refusal()
  return findPartner(key.prefix, (row) => row.kind === kind && isSameHash(row.hash, key.hash), deps)
}

/**
 * Finds the partner of a feed token.
 * @throws NotSignedIn without the reason; TemporarilyUnavailable if the check fails
 */
export async function partnerWithFeedToken(token: string, deps: KeyDeps): Promise<Viewer> {
  const prefix = prefixOfFeedToken(token)
  if (!prefix) throw refusal()
  return findPartner(prefix, (row) => isSameHash(feedTokenOf(row), token), deps)
}

async function findPartner(
  prefix: string,
  matches: (row: PartnerKey) => boolean,
  { prisma, now }: KeyDeps,
): Promise<Viewer> {
  const at = now()
  try {
    const row = await prisma.partnerKey.findUnique({ where: { prefix }, include: { partner: true } })
    if (!row || !matches(row)) throw refusal()
    const { id, partner, expiresAt, lastUsedAt } = row
    const isSuspended = partner.suspendedAt !== null
    if ((isSuspended && row.kind === 'FEED') || (expiresAt && expiresAt <= at)) throw refusal()
    const minute = new Date(Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS)
    if (!lastUsedAt || lastUsedAt < minute) await recordKeyUse(prisma, id, minute)
    return Object.freeze({
      role: 'partner',
      partnerId: partner.id,
      keyId: id,
      feedToken: feedTokenOf(row),
      ...(isSuspended ? { isSuspended } : {}),
      subject: null,
      displayName: partner.name,
      expiresAt,
    })
  } catch (error) {
    if (error instanceof NotSignedIn) throw error
    throw new TemporarilyUnavailable(
      'API keys cannot be verified at the moment. Try again in a few seconds.',
      {
        cause: error,
      },
    )
  }
}

async function recordKeyUse(prisma: PrismaClient, id: string, minute: Date): Promise<void> {
  await prisma.$executeRaw`
    UPDATE "PartnerKey" SET "lastUsedAt" = ${minute}
    WHERE "id" = ${id}::uuid AND ("lastUsedAt" IS NULL OR "lastUsedAt" < ${minute})`
}

function refusal(): NotSignedIn {
  return new NotSignedIn('The API key is not valid. Send a valid key.')
}
