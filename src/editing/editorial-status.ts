import type { ArticleDraft } from '../articles/draft.ts'
import { InvalidInput } from '../base/errors.ts'
import type { Edit, WithdrawalNotice } from './edit.ts'

// Editors' decisions on visibility and comments. Each function returns an edit.

/** The article, and the version that the editor read. */
export type VersionRef = Pick<Edit, 'id' | 'version'>

const EMPTY_NOTICE: WithdrawalNotice = { publicReason: null, advisory: null }

/** Withholds an article, with a notice to partners. */
export function withholdEdit(seen: VersionRef, notice = EMPTY_NOTICE): Edit {
  return { ...seen, notice, change: (draft) => ({ ...assertNotCanceled(draft), status: 'WITHHELD' }) }
}

/** Releases a withheld article. */
export function releaseEdit(seen: VersionRef): Edit {
  return { ...seen, notice: null, change: (draft) => ({ ...assertNotCanceled(draft), status: 'USABLE' }) }
}

/** Cancels an article for good, with a notice to partners. */
export function cancelEdit(seen: VersionRef, notice = EMPTY_NOTICE): Edit {
  return { ...seen, notice, change: (draft) => ({ ...draft, status: 'CANCELED' }) }
}

/** Sets the end of the embargo; null ends it now. */
export function embargoEdit(seen: VersionRef, until: Date | null, now: () => Date): Edit {
  return {
    ...seen,
    change(draft) {
      if (until && until <= now()) throw new InvalidInput('until', '"until" must be in the future.')
      return { ...draft, embargoedUntil: until }
    },
  }
}

/** Opens or closes the comments; open ones may close automatically. */
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
        throw new InvalidInput(
          'closesAt',
          '"closesAt" requires open comments. Leave it out or set "open" to true.',
        )
      }
      if (closesAt && closesAt <= now()) {
        throw new InvalidInput('closesAt', '"closesAt" must be in the future.')
      }
      return { ...draft, commenting: { open, closesAt } }
    },
  }
}

function assertNotCanceled(draft: ArticleDraft): ArticleDraft {
  if (draft.status === 'CANCELED') {
    throw new InvalidInput('id', 'The article is canceled. It can no longer be changed.')
  }
  return draft
}
