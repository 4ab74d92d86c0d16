import { useState } from 'react'
import { EmbargoArticleDocument, ReleaseArticleDocument } from '../../../../schema/documents.ts'
import { Button } from '../components/button.tsx'
import { ActionDialog } from '../records/action-dialog.tsx'
import { emptyMoment, instantOf, isFuture, MomentField } from '../records/moment-field.tsx'
import { type RecordText, useRecordText } from '../records/texts.ts'
import { useEdit } from './edit.tsx'
import { stateOf } from './story.ts'
import type { StoryProps } from './with-story.tsx'
import { WithdrawDialog } from './withdraw-dialog.tsx'

type Action = 'withhold' | 'release' | 'embargo' | 'lift' | 'cancel'

/** Whether readers see the story, and how editors change that. Every change is confirmed: readers notice it at once. */
export function VisibilitySection(props: StoryProps) {
  const text = useRecordText()
  const [asked, setAsked] = useState<Action | null>(null)
  const actions = actionsFor(props)
  const dialog = { ...props, onClose: () => setAsked(null) }
  return (
    <section className="part" aria-labelledby="visibility">
      <h2 id="visibility">{text('visibility.title')}</h2>
      {actions.length === 0 && <p className="hint">{text('visibility.canceled')}</p>}
      <p className="buttons">
        {actions.map((action) => (
          <Button
            key={action}
            kind={action === 'cancel' ? 'danger' : 'plain'}
            onPress={() => setAsked(action)}
          >
            {text(`visibility.ask.${action}`)}
          </Button>
        ))}
      </p>
      {(asked === 'withhold' || asked === 'cancel') && <WithdrawDialog {...dialog} action={asked} />}
      {asked === 'release' && <ReleaseDialog {...dialog} />}
      {asked === 'embargo' && <EmbargoDialog {...dialog} />}
      {asked === 'lift' && <LiftDialog {...dialog} />}
    </section>
  )
}

function actionsFor({ story }: StoryProps): Action[] {
  if (story.status === 'CANCELED') return []
  const isEmbargoed = story.embargoedUntil !== null && Date.parse(story.embargoedUntil) > Date.now()
  return [
    story.status === 'WITHHELD' ? 'release' : 'withhold',
    'embargo',
    ...(isEmbargoed ? (['lift'] as const) : []),
    'cancel',
  ]
}

type DialogProps = StoryProps & { onClose(): void }

/** What a dialog about an action says. */
function wordsOf(text: RecordText, action: Action) {
  return { title: text(`visibility.title.${action}`), action: text(`visibility.action.${action}`) }
}

function ReleaseDialog({ onClose, ...props }: DialogProps) {
  const text = useRecordText()
  const edit = useEdit(props)
  const isEmbargoed = stateOf({ ...props.story, status: 'USABLE' }) === 'EMBARGOED'
  return (
    <ActionDialog
      {...wordsOf(text, 'release')}
      onConfirm={() => edit(ReleaseArticleDocument, {}, text('visibility.done.release'))}
      onClose={onClose}
    >
      <p>
        {text(isEmbargoed ? 'visibility.consequence.release-embargoed' : 'visibility.consequence.release')}
      </p>
    </ActionDialog>
  )
}

function EmbargoDialog({ onClose, ...props }: DialogProps) {
  const text = useRecordText()
  const edit = useEdit(props)
  const [until, setUntil] = useState(emptyMoment)
  const isPublic = stateOf(props.story) === 'PUBLIC'
  return (
    <ActionDialog
      {...wordsOf(text, 'embargo')}
      isDangerous={isPublic}
      isReady={isFuture(until)}
      onConfirm={() =>
        edit(EmbargoArticleDocument, { until: instantOf(until) }, text('visibility.done.embargo'))
      }
      onClose={onClose}
    >
      <p>{text(isPublic ? 'visibility.consequence.embargo-public' : 'visibility.consequence.embargo')}</p>
      <MomentField label={text('visibility.until')} value={until} onChange={setUntil} />
    </ActionDialog>
  )
}

function LiftDialog({ onClose, ...props }: DialogProps) {
  const text = useRecordText()
  const edit = useEdit(props)
  return (
    <ActionDialog
      {...wordsOf(text, 'lift')}
      onConfirm={() => edit(EmbargoArticleDocument, { until: null }, text('visibility.done.lift'))}
      onClose={onClose}
    >
      <p>{text('visibility.consequence.lift')}</p>
    </ActionDialog>
  )
}
