import { isSubject } from '../../auth/claims.ts'
import type { Viewer } from '../../auth/viewer.ts'
import { Forbidden, InvalidInput, NotFound } from '../../base/errors.ts'
import type { Message, Publisher } from '../../bus/bus.ts'
import type { Prisma, Reader, ReaderStatus } from '../../db/client/client.ts'
import { lockSubjectExclusive } from '../../db/locks.ts'
import { isRetryable } from '../../db/retryable.ts'

/** The bus channel that announces changes of a reader's status; the payload is the subject. */
export const READER_STATUS_CHANNEL = 'dateline_standing'

/** The longest reason, in characters. */
export const MAX_REASON_LENGTH = 1_000

export interface ReaderStatusInput {
  /** The reader: either the subject at the identity provider, or the row id. */
  subject?: string | null
  readerId?: string | null
  status: ReaderStatus
  /** The reason, for other moderators. */
  reason: string
}

export interface ReaderStatusDeps {
  bus: Publisher
  viewer: Viewer
  now: () => Date
}

/**
 * Sets a reader's status, records the administrator and the reason, and notifies all gateways, in one
 * transaction. The row of a subject that has never commented is created, so that it can be banned in advance.
 *
 * @returns the reader, and whether the status has changed; otherwise nothing is written
 * @throws InvalidInput, NotFound, Forbidden for an administrator's own status
 */
export async function setReaderStatus(
  order: ReaderStatusInput,
  { bus, viewer, now }: ReaderStatusDeps,
): Promise<{ reader: Reader; changed: boolean }> {
  const { status } = order
  const reason = checkedReason(order.reason)
  const whom = checkedReader(order)
  const at = now()
  const decide = () =>
    bus.transaction(async (tx, publish) => {
      const before = await lockReader(tx, whom, viewer, at)
      if (before.status === status) return { reader: before, changed: false }
      const reader = await tx.reader.update({ where: { id: before.id }, data: { status } })
      await tx.readerStatusChange.create({
        data: {
          readerId: reader.id,
          status,
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
    // Two administrators who ban each other can deadlock: PostgreSQL then aborts one of the transactions.
    if (!isRetryable(error)) throw error
    return decide()
  }
}

function readerStatusHint(subject: string): Message {
  return { channel: READER_STATUS_CHANNEL, payload: subject }
}

function checkedReason(text: string): string {
  const reason = text.trim()
  if (reason === '') throw new InvalidInput('reason', 'Give a reason for other moderators.')
  if (reason.length > MAX_REASON_LENGTH) {
    throw new InvalidInput('reason', `A reason may have at most ${MAX_REASON_LENGTH} characters. Shorten it.`)
  }
  return reason
}

function checkedReader({ subject, readerId }: ReaderStatusInput): { subject: string } | { id: string } {
  if ((subject == null) === (readerId == null)) {
    throw new InvalidInput('subject', 'Give either "subject" or "readerId".')
  }
  if (readerId != null) return { id: readerId }
  if (!isSubject(subject)) {
    throw new InvalidInput('subject', 'The subject is not valid. Use the "sub" of the reader\'s token.')
  }
  return { subject }
}

const OWN_STATUS = "You can't change your own status. Another administrator must do it."

/** The reader's row, locked until the transaction ends, so that concurrent changes are serialised. */
async function lockReader(
  tx: Prisma.TransactionClient,
  whom: { subject: string } | { id: string },
  viewer: Viewer,
  at: Date,
): Promise<Reader> {
  if ('subject' in whom) {
    const { subject } = whom
    if (subject === viewer.subject) throw new Forbidden(OWN_STATUS)
    await lockSubjectExclusive(tx, subject)
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
