import { type ReactNode, useState } from 'react'
import { SetCommentingDocument } from '../../../../schema/documents.ts'
import { Button } from '../components/button.tsx'
import { useMoment } from '../components/formats.ts'
import { Notice } from '../components/notice.tsx'
import { ActionDialog } from '../records/action-dialog.tsx'
import { Badge } from '../records/badge.tsx'
import { emptyMoment, instantOf, isFuture, MomentField } from '../records/moment-field.tsx'
import { useRecordText } from '../records/texts.ts'
import { useEdit } from './edit.tsx'
import type { StoryProps } from './with-story.tsx'

/** Opens and closes the comments: now, or at a time. Both can be undone, so only the time is asked for. */
export function CommentingSection(props: StoryProps) {
  const text = useRecordText()
  const edit = useEdit(props)
  const { commentingOpen: isOpen, status } = props.story
  const [isAsking, setIsAsking] = useState(false)
  const [problem, setProblem] = useState<ReactNode>(null)
  const [isBusy, setBusy] = useState(false)
  const set = (open: boolean) =>
    edit(SetCommentingDocument, { open }, text(open ? 'commenting.opened' : 'commenting.closed'))
  const toggle = async () => {
    setBusy(true)
    setProblem(await set(!isOpen))
    setBusy(false)
  }
  return (
    <section className="part" aria-labelledby="commenting">
      <h2 id="commenting">{text('stories.comments')}</h2>
      <State {...props} />
      {problem && <Notice kind="failure">{problem}</Notice>}
      {status !== 'CANCELED' && (
        <p className="buttons">
          <Button isDisabled={isBusy} onPress={toggle}>
            {text(isOpen ? 'commenting.close' : 'commenting.open')}
          </Button>
          <Button onPress={() => setIsAsking(true)}>
            {text(isOpen ? 'commenting.close-at' : 'commenting.open-until')}
          </Button>
        </p>
      )}
      {isAsking && <ClosingTimeDialog {...props} onClose={() => setIsAsking(false)} />}
    </section>
  )
}

function State({ story }: StoryProps) {
  const text = useRecordText()
  const moment = useMoment()
  const { commentingOpen: isOpen, commentingClosesAt: closesAt } = story
  return (
    <p>
      <Badge kind={isOpen ? 'good' : 'plain'}>{text(isOpen ? 'stories.open' : 'stories.closed')}</Badge>{' '}
      {closesAt && text(isOpen ? 'commenting.closes-at' : 'commenting.closed-at', { at: moment(closesAt) })}
    </p>
  )
}

function ClosingTimeDialog({ onClose, ...props }: StoryProps & { onClose(): void }) {
  const text = useRecordText()
  const edit = useEdit(props)
  const [closing, setClosing] = useState(emptyMoment)
  const isOpen = props.story.commentingOpen
  return (
    <ActionDialog
      title={text(isOpen ? 'commenting.close-at' : 'commenting.open-until')}
      action={text('commenting.set-time')}
      isReady={isFuture(closing)}
      onConfirm={() =>
        edit(SetCommentingDocument, { open: true, closesAt: instantOf(closing) }, text('commenting.time-set'))
      }
      onClose={onClose}
    >
      <p>{text('commenting.time-about')}</p>
      <MomentField label={text('commenting.time')} value={closing} onChange={setClosing} />
    </ActionDialog>
  )
}
