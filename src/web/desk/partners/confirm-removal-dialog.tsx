import { useState } from 'react'
import { useMutation } from 'urql'
import { RecordRemovalDocument } from '../../../../schema/documents.ts'
import { useErrorText } from '../components/errors.ts'
import { useToast } from '../components/toasts.tsx'
import { ActionDialog } from '../records/action-dialog.tsx'
import { TextArea } from '../records/text-area.tsx'
import { useRecordText } from '../records/texts.ts'
import type { Holder } from './recall.ts'

/** The longest note that the API accepts. */
const MAX_NOTE_LENGTH = 1_000

interface ConfirmRemovalDialogProps {
  articleId: string
  holder: Holder
  onClose(): void
  onDone(): void
}

/** Records that a partner confirmed a removal by phone or mail. */
export function ConfirmRemovalDialog({ articleId, holder, onClose, onDone }: ConfirmRemovalDialogProps) {
  const text = useRecordText()
  const errorText = useErrorText()
  const toast = useToast()
  const [note, setNote] = useState('')
  const [, send] = useMutation(RecordRemovalDocument)
  const confirm = async () => {
    const { data, error } = await send({ input: { articleId, partner: holder.partner, note: note.trim() } })
    if (error) return errorText(error)
    const answer = data?.confirmRemoval
    if (answer?.__typename !== 'ConfirmRemovalPayload') return errorText(answer ?? new Error())
    toast({ kind: 'done', text: text('recalls.recorded') })
    onDone()
    return null
  }
  return (
    <ActionDialog
      title={text('recalls.record-title', { name: holder.partnerName })}
      action={text('recalls.record')}
      isReady={note.trim() !== ''}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>{text('recalls.record-about')}</p>
      <TextArea
        label={text('recalls.note')}
        description={text('recalls.note-about')}
        value={note}
        maxLength={MAX_NOTE_LENGTH}
        isRequired
        onChange={setNote}
      />
    </ActionDialog>
  )
}
