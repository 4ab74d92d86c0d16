import { isSubject } from '../../auth/claims.ts'
import type { Viewer } from '../../auth/viewer.ts'
import { Forbidden, InvalidInput, NotFound } from '../../base/errors.ts'
import type { Message, Publisher } from '../../bus/bus.ts'
import type { Prisma, Reader, ReaderStanding } from '../../db/client/client.ts'
import { isRetryable } from '../../db/retryable.ts'
import { lockReaderStatus } from './refuse-banned.ts'

/** The channel of the bus that tells whose standing changed; the payload is the subject. */
export const READER_STATUS_CHANNEL = 'dateline_standing'

/** The longest reason, in characters. */
export const MAX_REASON_LENGTH = 1_000

export interface ReaderStatusInput {
  /** Whom it is about: the subject at the identity provider, or the key of the reader's row. Not both. */
  subject?: string | null
  readerId?: string | null
  standing: ReaderStanding
  /** Why, for other moderators to read. */
  reason: string
}

export interface StandingDeps {
  bus: Publisher
  viewer: Viewer
  now: () => Date
}

/**
 * Sets what a reader may do here, writes down who decided it and why, and tells every gateway, all in one
 * transaction. A subject that has never commented gets its row now, so that it can be banned beforehand.
 *
 * @returns the reader as it stands, and false where it stood so before: then nothing is written
 * @throws InvalidInput, NotFound, Forbidden for an administrator's own standing
 */
export async function setReaderStanding(
  order: ReaderStatusInput,
  { bus, viewer, now }: StandingDeps,
): Promise<{ reader: Reader; changed: boolean }> {
  const { standing } = order
  const reason = checkedReason(order.reason)
  const whom = checkedReader(order)
  const at = now()
  const decide = () =>
    bus.transaction(async (tx, publish) => {
      const before = await lockReader(tx, whom, viewer, at)
      if (before.standing === standing) return { reader: before, changed: false }
      const reader = await tx.reader.update({ where: { id: before.id }, data: { standing } })
      await tx.standingChange.create({
        data: {
          readerId: reader.id,
          standing,
          reason,
          admin: viewer.subject ?? '',
          adminName: viewer.displayName ?? 'An administrator',
          at,
        },
      })
      await publish(readerStatusHint(reader.subject))
      return { reader, changed: true }
    })
  try {
    return await decide()
  } catch (error) {
    // Two administrators who ban each other wait for each other: PostgreSQL ends one of the two transactions.
    if (!isRetryable(error)) throw error
    return decide()
  }
}

function readerStatusHint(subject: string): Message {
  return { channel: READER_STATUS_CHANNEL, payload: subject }
}

function checkedReason(text: string): string {
  const reason = text.trim()
  if (reason === '') throw new InvalidInput('reason', 'Say why, for other moderators to read.')
  if (reason.length > MAX_REASON_LENGTH) {
    throw new InvalidInput('reason', `A reason has at most ${MAX_REASON_LENGTH} characters.`)
  }
  return reason
}

function checkedReader({ subject, readerId }: ReaderStatusInput): { subject: string } | { id: string } {
  if ((subject == null) === (readerId == null)) {
    throw new InvalidInput('subject', 'Give either "subject" or "readerId".')
  }
  if (readerId != null) return { id: readerId }
  if (!isSubject(subject)) {
    throw new InvalidInput('subject', 'The subject is not one that a token can have.')
  }
  return { subject }
}

const OWN_STANDING = 'This is your own standing: another administrator decides on it.'

/** The reader's row, locked until the transaction ends: two orders about one reader take turns. */
async function lockReader(
  tx: Prisma.TransactionClient,
  whom: { subject: string } | { id: string },
  viewer: Viewer,
  at: Date,
): Promise<Reader> {
  if ('subject' in whom) {
    const { subject } = whom
    if (subject === viewer.subject) throw new Forbidden(OWN_STANDING)
    await lockReaderStatus(tx, subject)
    return tx.reader.upsert({
      where: { subject },
      create: { subject, displayName: 'Reader', createdAt: at },
      update: { subject },
    })
  }
  const known = await tx.reader.findUnique({ where: whom, select: { subject: true } })
  if (!known) throw new NotFound('reader')
  return lockReader(tx, known, viewer, at)
}
