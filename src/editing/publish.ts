import { checkDraft } from '../articles/check-draft.ts'
import type { ArticleDraft } from '../articles/draft.ts'
import { holdRights, withRights } from '../articles/image-rights.ts'
import { lockStored, type Stored } from '../articles/lock.ts'
import { refuseTakenSlug, saving } from '../articles/save.ts'
import { draftOf, sameDraft } from '../articles/snapshot.ts'
import { writeVersion } from '../articles/version.ts'
import { InvalidInput } from '../base/errors.ts'
import type { Prisma } from '../db/client/client.ts'
import { type EditDeps, type Edited, subjectOf } from './edit.ts'

/** A new story; without `publishedAt` it is published now. */
export type NewStory = Omit<ArticleDraft, 'publishedAt'> & { publishedAt?: Date }

/**
 * Stores a new story, for readers to see once its hour has come and no embargo holds it. The same story again
 * by the same editor changes nothing, so that it may be sent again when the answer was lost.
 *
 * @throws InvalidInput when it breaks a rule, or another story has its address or its slug
 */
export async function publishArticle(
  story: (tx: Prisma.TransactionClient) => Promise<NewStory>,
  { bus, viewer, now }: EditDeps,
): Promise<Edited> {
  const editor = subjectOf(viewer)
  return saving(bus, async (tx, publish) => {
    await holdRights(tx)
    const moment = now()
    const handedIn = await story(tx)
    const draft = await withRights(tx, complete(handedIn, moment), {})
    const stored = await lockStored(tx, draft)
    if (stored) return published(tx, stored, handedIn, editor)
    await refuseTakenSlug(tx, draft)
    const saved = await writeVersion(tx, { stored, draft, kept: draft, editor }, { now: moment, publish })
    return { ...saved, changed: true }
  })
}

function complete(story: NewStory, publishedAt: Date): ArticleDraft {
  const { status = 'USABLE', embargoedUntil = null, commenting = { open: true, closesAt: null } } = story
  return checkDraft({ publishedAt, ...story, status, embargoedUntil, commenting })
}

/** The stored story, where it is what the editor published, whatever became of it since. */
async function published(
  tx: Prisma.TransactionClient,
  { id, version }: Stored,
  story: NewStory,
  editor: string,
): Promise<Edited> {
  const first = await tx.revision.findUnique({
    where: { articleId_version: { articleId: id, version: 1 }, editor },
    select: { snapshot: true },
  })
  const then = first && draftOf(first.snapshot)
  const again = then && (await withRights(tx, complete(story, then.publishedAt), { articleId: id }))
  if (then && again && sameDraft(then, again)) return { id, version, changed: false }
  throw new InvalidInput('url', `There is a story with the address ${story.canonicalUrl}: update that one.`)
}
