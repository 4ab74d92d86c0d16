import type { Viewer } from '../auth/viewer.ts'
import { InvalidInput, NotFound, NotSignedIn } from '../base/errors.ts'
import type { Publisher } from '../bus/bus.ts'
import type { PrismaClient } from '../db/client/client.ts'
import { checkText } from '../editing/limits.ts'
import { isBlank, normaliseText } from '../text/normalise.ts'
import { type Recall, recall } from './recall.ts'

export interface RemovalConfirmationInput {
  articleId: string
  /** The slug of the partner. */
  partner: string
  /** Who confirmed the removal, and how. */
  note: string
}

export const MAX_NOTE_CHARACTERS = 1_000

/**
 * Records that a partner confirmed a removal to an editor by phone or mail. It counts as notified and as
 * removed. For partners that only read feeds or cannot be reached.
 *
 * @param bus refuses a banned viewer; see `refusingBanned`
 * @throws NotSignedIn; Forbidden; NotFound for an unknown article, or a partner that never received it;
 *   InvalidInput for the note, or if the partner may keep the article
 */
export async function confirmRemoval(
  { articleId, partner: slug, note }: RemovalConfirmationInput,
  { prisma, bus, now, viewer }: { prisma: PrismaClient; bus: Publisher; now: () => Date; viewer: Viewer },
): Promise<Recall> {
  const { subject, displayName } = viewer
  if (subject === null) throw new NotSignedIn()
  const text = normaliseText(note)
  if (isBlank(text) || text.length > MAX_NOTE_CHARACTERS) {
    throw new InvalidInput(
      'note',
      `"note" must have 1 to ${MAX_NOTE_CHARACTERS} characters. Write who confirmed the removal.`,
    )
  }
  checkText('note', text, MAX_NOTE_CHARACTERS)
  const { holders } = await recall(articleId, { prisma, now })
  const holder = holders.find(({ partner }) => partner.slug === slug)
  if (!holder) {
    const message = `Partner "${slug.slice(0, 80)}" never received this article. Check "partner" and "articleId".`
    throw new NotFound('delivery', message)
  }
  if (holder.mayKeep)
    throw new InvalidInput(
      'partner',
      'The licence of this partner covers the article, so the partner does not have to remove it.',
    )
  const at = now()
  await bus.transaction(async (tx) => {
    const { id: partnerId } = await tx.partner.findUniqueOrThrow({ where: { slug } })
    await tx.$executeRaw`
      UPDATE "Holding" SET "removalAttemptedAt" = coalesce("removalAttemptedAt", ${at}),
        "removalToldAt" = coalesce("removalToldAt", ${at}), "removedAt" = coalesce("removedAt", ${at}),
        "lapsesAt" = NULL
      WHERE "partnerId" = ${partnerId}::uuid AND "articleId" = ${articleId}::uuid`
    await tx.removalConfirmation.create({
      data: { partnerId, articleId, editor: subject, editorName: displayName, note: text, at },
    })
  })
  return recall(articleId, { prisma, now })
}
