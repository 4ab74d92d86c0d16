import type { ArticleDraft } from '../articles/draft.ts'
import { InvalidInput } from '../base/errors.ts'
import type { Edit, WithdrawalNotice } from './edit.ts'

// What editors decide on who may see a story and comment on it. Each makes one edit.

/** Which story, and which version of it the editor saw. */
export type VersionRef = Pick<Edit, 'id' | 'version'>

const EMPTY_NOTICE: WithdrawalNotice = { publicReason: null, advisory: null }

/** Takes a story from view for now, with what partners are told of it. */
export function withholdEdit(seen: VersionRef, notice = EMPTY_NOTICE): Edit {
  return { ...seen, notice, change: (draft) => ({ ...assertNotCanceled(draft), status: 'WITHHELD' }) }
}

/** Puts a story back that was withheld. */
export function releaseEdit(seen: VersionRef): Edit {
  return { ...seen, notice: null, change: (draft) => ({ ...assertNotCanceled(draft), status: 'USABLE' }) }
}

/** Kills a story, for good, with what partners are told of it. */
export function cancelEdit(seen: VersionRef, notice = EMPTY_NOTICE): Edit {
  return { ...seen, notice, change: (draft) => ({ ...draft, status: 'CANCELED' }) }
}

/** Holds a story back until a moment, or with null no longer. */
export function embargoEdit(seen: VersionRef, until: Date | null, now: () => Date): Edit {
  return {
    ...seen,
    change(draft) {
      if (until && until <= now())
        throw new InvalidInput('until', 'An embargo ends at a moment that lies ahead.')
      return { ...draft, embargoedUntil: until }
    },
  }
}

/** Opens or closes the comments on a story; open ones may close by themselves at a moment. */
export function commenting(
  seen: VersionRef,
  { open, closesAt }: { open: boolean; closesAt: Date | null },
  now: () => Date,
): Edit {
  return {
    ...seen,
    reason: 'COMMENTING_CHANGED',
    change(draft) {
      if (closesAt && !open) {
        throw new InvalidInput('closesAt', 'Comments that are closed do not close at a moment.')
      }
      if (closesAt && closesAt <= now()) {
        throw new InvalidInput('closesAt', 'Comments close at a moment that lies ahead.')
      }
      return { ...draft, commenting: { open, closesAt } }
    },
  }
}

function assertNotCanceled(draft: ArticleDraft): ArticleDraft {
  if (draft.status === 'CANCELED') {
    throw new InvalidInput('id', 'This story was killed. It does not come back.')
  }
  return draft
}
