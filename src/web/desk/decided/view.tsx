import { useEffect, useRef, useState } from 'react'
import { DecisionsDocument } from '../../../../schema/documents.ts'
import { Page } from '../components/page.tsx'
import { useToast } from '../components/toasts.tsx'
import { usePages } from '../components/use-pages.ts'
import { useRefresh } from '../components/use-refresh.ts'
import { decisions } from '../queue/decisions.ts'
import { List } from '../records/list.tsx'
import { useRecordText } from '../records/texts.ts'
import { useLanguage } from '../shell/language.tsx'
import { usePlace } from '../shell/router.tsx'
import type { Decided } from './decided.ts'
import { DecisionItem } from './decision-item.tsx'
import { DecisionFilters, decisionFilter } from './filters.tsx'
import { RetractDialog } from './retract-dialog.tsx'

/** What moderators decided, latest first, and a way to retract what was approved. */
export default function DecidedView() {
  const text = useRecordText()
  const toast = useToast()
  const { language } = useLanguage()
  const { search } = usePlace()
  const [retracting, setRetracting] = useState<Decided | null>(null)
  const pages = usePages(
    DecisionsDocument,
    { filter: decisionFilter(search), language },
    (data) => data.decisions,
  )
  useRefresh(pages.reload)
  useOwnDecisions(pages.reload)
  return (
    <Page title={text('decided.title')}>
      <p className="hint intro">{text('decided.about')}</p>
      <DecisionFilters decided={pages.nodes ?? []} />
      <List pages={pages} empty={text('decided.none')}>
        {(decided) => (
          <ol className="items">
            {decided.map((decision) => (
              <li key={`${decision.comment.id} ${decision.verdict}`}>
                <DecisionItem decision={decision} onRetract={() => setRetracting(decision)} />
              </li>
            ))}
          </ol>
        )}
      </List>
      {retracting && (
        <RetractDialog
          comment={retracting.comment}
          onClose={() => setRetracting(null)}
          onDone={(outcome) => {
            toast(outcome)
            pages.reload()
          }}
        />
      )}
    </Page>
  )
}

/** Calls when the API has answered decisions of this window, which are sent after the moderator left the queue. */
function useOwnDecisions(reload: () => void): void {
  const latest = useRef(reload)
  latest.current = reload
  useEffect(() => decisions.onResult(() => latest.current()), [])
}
