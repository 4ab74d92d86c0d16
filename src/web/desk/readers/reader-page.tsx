import { useState } from 'react'
import { useQuery } from 'urql'
import { ReaderDetailsDocument } from '../../../../schema/documents.ts'
import { Button } from '../components/button.tsx'
import { Page } from '../components/page.tsx'
import { Time } from '../components/time.tsx'
import { Answer } from '../records/answer.tsx'
import { Badge } from '../records/badge.tsx'
import { useRecordText } from '../records/texts.ts'
import { includesRole } from '../shell/roles.ts'
import { DeskLink } from '../shell/router.tsx'
import { useViewer } from '../shell/viewer.ts'
import type { ReaderDetails } from './reader.ts'
import { ReaderComments } from './reader-comments.tsx'
import { StatusDialog } from './status-dialog.tsx'

/** One reader: the standing and its history, and the comments. */
export function ReaderPage({ id }: { id: string }) {
  const text = useRecordText()
  const [result, reload] = useQuery({ query: ReaderDetailsDocument, variables: { id } })
  const { data } = result
  return (
    <>
      <p className="back">
        <DeskLink to="/readers">{text('readers.back')}</DeskLink>
      </p>
      <Page title={data?.reader?.displayName ?? text('readers.reader')}>
        <Answer result={result} reload={reload}>
          {({ reader }) => (reader ? <Details reader={reader} /> : <p>{text('readers.unknown')}</p>)}
        </Answer>
      </Page>
    </>
  )
}

function Details({ reader }: { reader: ReaderDetails }) {
  const text = useRecordText()
  return (
    <>
      <dl className="facts">
        <div>
          <dt>{text('readers.subject')}</dt>
          <dd>
            <bdi className="code">{reader.subject}</bdi>
          </dd>
        </div>
        <div>
          <dt>{text('readers.first-seen')}</dt>
          <dd>
            <Time at={reader.createdAt} />
          </dd>
        </div>
      </dl>
      <Standing reader={reader} />
      <ReaderComments id={reader.id} counts={reader.commentCounts} />
    </>
  )
}

/** Whether the reader may comment, who changed that and why, and how to change it. */
function Standing({ reader }: { reader: ReaderDetails }) {
  const text = useRecordText()
  const { role } = useViewer()
  const [isAsking, setIsAsking] = useState(false)
  const isBanned = reader.status === 'BANNED'
  return (
    <section className="part" aria-labelledby="standing">
      <h2 id="standing">{text('readers.standing')}</h2>
      <p>
        <Badge kind={isBanned ? 'bad' : 'good'}>{text(`reader-status.${reader.status}`)}</Badge>{' '}
        {text(isBanned ? 'readers.is-banned' : 'readers.is-good')}
      </p>
      {includesRole(role, 'ADMIN') ? (
        <p>
          <Button kind={isBanned ? 'plain' : 'danger'} onPress={() => setIsAsking(true)}>
            {text(isBanned ? 'readers.lift' : 'readers.ban')}
          </Button>
        </p>
      ) : (
        <p className="hint">{text('readers.ban-needs-admin')}</p>
      )}
      <StatusHistory changes={reader.statusChanges} />
      {isAsking && <StatusDialog reader={reader} onClose={() => setIsAsking(false)} />}
    </section>
  )
}

function StatusHistory({ changes }: { changes: ReaderDetails['statusChanges'] }) {
  const text = useRecordText()
  if (changes.length === 0) return <p className="hint">{text('readers.no-changes')}</p>
  return (
    <ol className="history" aria-label={text('readers.history')}>
      {changes.map(({ status, reason, adminName, at }) => (
        <li key={at}>
          <p>
            {text(`readers.set.${status}`, { name: adminName })} <Time at={at} />
          </p>
          <p dir="auto">{reason}</p>
        </li>
      ))}
    </ol>
  )
}
