import type { Viewer } from '../auth/viewer.ts'
import { InvalidInput, NotFound, NotSignedIn } from '../base/errors.ts'
import type { Publisher } from '../bus/bus.ts'
import type { PrismaClient } from '../db/client/client.ts'
import { type Recall, recall } from './recall.ts'

export interface RemovalConfirmationInput {
  articleId: string
  /** The partner's slug. */
  partner: string
  /** Who confirmed it, and how. */
  note: string
}

export const MAX_NOTE_CHARACTERS = 1_000

/**
 * Records what a partner told an editor, by phone or mail: that a story is gone. It counts as told and as removed,
 * for partners that read feeds only, or that nothing reaches.
 *
 * @param bus refuses a viewer who is banned; see `refusingBanned`
 * @throws NotSignedIn; Forbidden; NotFound for a story, or a partner that was never given it; InvalidInput for the note, and
 *   where the partner may keep the story
 */
export async function confirmRemoval(
  { articleId, partner: slug, note }: RemovalConfirmationInput,
  { prisma, bus, now, viewer }: { prisma: PrismaClient; bus: Publisher; now: () => Date; viewer: Viewer },
): Promise<Recall> {
  const { subject, displayName } = viewer
  if (subject === null) throw new NotSignedIn()
  const text = note.trim()
  if (text === '' || text.length > MAX_NOTE_CHARACTERS) {
    throw new InvalidInput('note', `Say who confirmed it, in 1 to ${MAX_NOTE_CHARACTERS} characters.`)
  }
  const { holders } = await recall(articleId, { prisma, now })
  const holder = holders.find(({ partner }) => partner.slug === slug)
  if (!holder) throw new NotFound(`partner "${slug.slice(0, 80)}" that was given this story`)
  if (holder.mayKeep)
    throw new InvalidInput('partner', 'This partner may keep the story. There is no recall.')
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
