import { setFilters } from '../shell/router.tsx'
import { useText } from '../shell/texts.ts'
import type { WaitingComment } from './filter.ts'

type Reader = NonNullable<WaitingComment['reader']>

/** What is known of the author: how earlier comments were decided, and whether the author is banned. */
export function AuthorRecord({ reader, isActive }: { reader: Reader; isActive: boolean }) {
  const text = useText()
  const { approved, rejected, pending } = reader.commentCounts
  return (
    <span className="record">
      {reader.status === 'BANNED' && <strong className="record-banned">{text('record.banned')}</strong>}
      {approved + rejected === 0 ? (
        <span>{text('record.first')}</span>
      ) : (
        <>
          <span className="record-approved">{text('record.approved', { count: approved })}</span>
          <span className={rejected > 0 ? 'record-rejected' : undefined}>
            {text('record.rejected', { count: rejected })}
          </span>
        </>
      )}
      {pending > 1 && (
        <button
          type="button"
          className="link-button"
          tabIndex={isActive ? 0 : -1}
          onClick={() => setFilters({ reader: reader.id })}
        >
          {text('record.pending', { count: pending })}
        </button>
      )}
    </span>
  )
}
