import { useState } from 'react'
import { CancelArticleDocument, WithholdArticleDocument } from '../../../../schema/documents.ts'
import { Field } from '../components/fields.tsx'
import { ActionDialog } from '../records/action-dialog.tsx'
import { TextArea } from '../records/text-area.tsx'
import { useRecordText } from '../records/texts.ts'
import { useEdit } from './edit.tsx'
import type { StoryProps } from './with-story.tsx'

/** The longest notice to partners that the API accepts. */
const MAX_NOTICE_LENGTH = 1_000

const DOCUMENTS = { withhold: WithholdArticleDocument, cancel: CancelArticleDocument } as const

interface WithdrawDialogProps extends StoryProps {
  action: keyof typeof DOCUMENTS
  onClose(): void
}

/** Withholds a story, or cancels it permanently, with a notice to the partners that have it. */
export function WithdrawDialog({ action, onClose, ...props }: WithdrawDialogProps) {
  const text = useRecordText()
  const edit = useEdit(props)
  const [publicReason, setPublicReason] = useState('')
  const [advisory, setAdvisory] = useState('')
  const [typed, setTyped] = useState('')
  const isPermanent = action === 'cancel'
  const word = text('visibility.confirm-word')
  const notice = { publicReason: publicReason.trim() || null, advisory: advisory.trim() || null }
  return (
    <ActionDialog
      title={text(`visibility.title.${action}`)}
      action={text(`visibility.action.${action}`)}
      isDangerous
      isReady={!isPermanent || isSame(typed, word)}
      onConfirm={() => edit(DOCUMENTS[action], notice, text(`visibility.done.${action}`))}
      onClose={onClose}
    >
      <p>{text(`visibility.consequence.${action}`)}</p>
      <TextArea
        label={text('visibility.reason')}
        description={text('visibility.reason-about')}
        value={publicReason}
        maxLength={MAX_NOTICE_LENGTH}
        onChange={setPublicReason}
      />
      <TextArea
        label={text('visibility.advisory')}
        description={text('visibility.advisory-about')}
        value={advisory}
        maxLength={MAX_NOTICE_LENGTH}
        onChange={setAdvisory}
      />
      {isPermanent && (
        <Field label={text('visibility.confirm', { word })}>
          {(props) => (
            <input
              {...props}
              className="text-input"
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
      )}
    </ActionDialog>
  )
}

function isSame(typed: string, word: string): boolean {
  return typed.trim().localeCompare(word, undefined, { sensitivity: 'base' }) === 0
}
