import { useState } from 'react'
import { OpenRecallsDocument } from '../../../../schema/documents.ts'
import { Button } from '../components/button.tsx'
import { Page } from '../components/page.tsx'
import { type Column, Table } from '../components/table.tsx'
import { Time } from '../components/time.tsx'
import { usePages } from '../components/use-pages.ts'
import { useRefresh } from '../components/use-refresh.ts'
import { Badge } from '../records/badge.tsx'
import { List } from '../records/list.tsx'
import { StoryName } from '../records/person-and-story.tsx'
import { useRecordText } from '../records/texts.ts'
import { ConfirmRemovalDialog } from './confirm-removal-dialog.tsx'
import type { Holder, RecallState } from './recall.ts'

/** How often open recalls are read again while the window is visible, in ms. */
const REFRESH_MS = 15_000

/** A partner that must confirm the removal of a story. */
interface Asked {
  articleId: string
  holder: Holder
}

/** Stories that partners must still remove, and how far each partner is. */
export function RecallsPage() {
  const text = useRecordText()
  const [asked, setAsked] = useState<Asked | null>(null)
  const pages = usePages(OpenRecallsDocument, {}, ({ openRecalls }) => openRecalls)
  useRefresh(pages.reload, REFRESH_MS)
  return (
    <Page
      title={text('recalls.title')}
      actions={<Button onPress={pages.reload}>{text('recalls.refresh')}</Button>}
    >
      <p className="hint intro">{text('recalls.about')}</p>
      <List pages={pages} empty={text('recalls.none')}>
        {(recalls) =>
          recalls.map((recall) => (
            <Recall
              key={recall.articleId}
              recall={recall}
              onConfirm={(holder) => setAsked({ articleId: recall.articleId, holder })}
            />
          ))
        }
      </List>
      {asked && <ConfirmRemovalDialog {...asked} onClose={() => setAsked(null)} onDone={pages.reload} />}
    </Page>
  )
}

interface RecallProps {
  recall: RecallState
  onConfirm(holder: Holder): void
}

function Recall({ recall, onConfirm }: RecallProps) {
  const text = useRecordText()
  const waiting = recall.holders.filter(({ mustStillRemove }) => mustStillRemove).length
  return (
    <section className="item">
      <h2>
        <StoryName story={recall.article} />
      </h2>
      <p>
        <Badge kind="bad">{text(`removal-reason.${recall.withdrawn ?? 'LICENCE'}`)}</Badge>{' '}
        {text('recalls.waiting', { count: waiting, total: recall.holders.length })}
      </p>
      <Table
        label={text('recalls.partners')}
        columns={useColumns(onConfirm)}
        rows={recall.holders}
        keyOf={({ partner }) => partner}
      />
    </section>
  )
}

function useColumns(onConfirm: (holder: Holder) => void): Column<Holder>[] {
  const text = useRecordText()
  return [
    { key: 'partner', label: text('partners.name'), cell: ({ partnerName }) => <bdi>{partnerName}</bdi> },
    {
      key: 'state',
      label: text('recalls.state'),
      isNarrow: true,
      cell: (holder) => {
        const state = stateOf(holder)
        return <Badge kind={STATE_KINDS[state]}>{text(`recall-state.${state}`)}</Badge>
      },
    },
    {
      key: 'attempted',
      label: text('recalls.attempted'),
      isNarrow: true,
      cell: ({ removalAttemptedAt }) => <Moment at={removalAttemptedAt} />,
    },
    {
      key: 'notified',
      label: text('recalls.notified'),
      isNarrow: true,
      cell: ({ removalNotifiedAt }) => <Moment at={removalNotifiedAt} />,
    },
    {
      key: 'removed',
      label: text('recalls.removed'),
      cell: (holder) => <Removed holder={holder} onConfirm={onConfirm} />,
    },
  ]
}

type State = 'KEEPS' | 'WAITING' | 'ATTEMPTED' | 'NOTIFIED' | 'CONFIRMED'

const STATE_KINDS = {
  KEEPS: 'plain',
  WAITING: 'bad',
  ATTEMPTED: 'bad',
  NOTIFIED: 'waiting',
  CONFIRMED: 'good',
} as const satisfies Record<State, string>

/** How far the removal is at a partner. */
function stateOf({ mayKeep, removedAt, removalNotifiedAt, removalAttemptedAt }: Holder): State {
  if (removedAt) return 'CONFIRMED'
  if (mayKeep) return 'KEEPS'
  if (removalNotifiedAt) return 'NOTIFIED'
  return removalAttemptedAt ? 'ATTEMPTED' : 'WAITING'
}

function Moment({ at }: { at: string | null }) {
  const text = useRecordText()
  return at ? <Time at={at} /> : <span className="hint">{text('recalls.not-yet')}</span>
}

function Removed({ holder, onConfirm }: { holder: Holder; onConfirm(holder: Holder): void }) {
  const text = useRecordText()
  if (holder.mustStillRemove) {
    return <Button onPress={() => onConfirm(holder)}>{text('recalls.record')}</Button>
  }
  return (
    <>
      <Moment at={holder.removedAt} />
      {holder.confirmations.map(({ editorName, note, at }) => (
        <p key={at} className="hint" dir="auto">
          {editorName && <bdi>{editorName}</bdi>} {note}
        </p>
      ))}
    </>
  )
}
