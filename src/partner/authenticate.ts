import type { Viewer } from '../auth/viewer.ts'
import type { KeyKind, PrismaClient } from '../db/client/client.ts'
import { NotSignedIn, TemporarilyUnavailable } from '../errors.ts'
import { isSameHash, parseKey } from './key.ts'

export interface KeyDeps {
  prisma: PrismaClient
  now: () => Date
}

/** Keys are dated to the minute, so that not every request writes. In ms. */
const MINUTE = 60_000

/**
 * The partner whose key this is, provided that the key is of the kind asked for and good at this moment.
 * @throws NotSignedIn, in words that do not tell why; TemporarilyUnavailable when it can't be found out now
 */
export async function partnerWithKey(text: string, kind: KeyKind, { prisma, now }: KeyDeps): Promise<Viewer> {
  const key = parseKey(text)
  if (key?.kind !== kind) throw refusal()
  const at = now()
  try {
    const row = await prisma.partnerKey.findUnique({
      where: { prefix: key.prefix },
      include: { partner: true },
    })
    if (!row || !isSameHash(row.hash, key.hash)) throw refusal()
    const { id, partner, expiresAt, lastUsedAt } = row
    if (row.kind !== kind || partner.suspendedAt || (expiresAt && expiresAt <= at)) throw refusal()
    const minute = new Date(Math.floor(at.getTime() / MINUTE) * MINUTE)
    if (!lastUsedAt || lastUsedAt < minute) await dateKey(prisma, id, minute)
    return Object.freeze({
      role: 'partner',
      partnerId: partner.id,
      keyId: id,
      subject: null,
      displayName: partner.name,
      expiresAt,
    })
  } catch (error) {
    if (error instanceof NotSignedIn) throw error
    throw new TemporarilyUnavailable('Keys can not be verified just now. Try again shortly.', {
      cause: error,
    })
  }
}

async function dateKey(prisma: PrismaClient, id: string, minute: Date): Promise<void> {
  await prisma.$executeRaw`
    UPDATE "PartnerKey" SET "lastUsedAt" = ${minute}
    WHERE "id" = ${id}::uuid AND ("lastUsedAt" IS NULL OR "lastUsedAt" < ${minute})`
}

function refusal(): NotSignedIn {
  return new NotSignedIn('The key is not accepted.')
}
