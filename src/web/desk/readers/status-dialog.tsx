import { useState } from 'react'
import { useMutation } from 'urql'
import { SetReaderStatusDocument } from '../../../../schema/documents.ts'
import { useErrorText } from '../components/errors.ts'
import { useToast } from '../components/toasts.tsx'
import { ActionDialog } from '../records/action-dialog.tsx'
import { TextArea } from '../records/text-area.tsx'
import { useRecordText } from '../records/texts.ts'
import type { ReaderDetails } from './reader.ts'

/** The longest reason that the API accepts. */
const MAX_REASON_LENGTH = 1_000

/** Bans a reader or lifts the ban, with the reason for other moderators. */
export function StatusDialog({ reader, onClose }: { reader: ReaderDetails; onClose(): void }) {
  const text = useRecordText()
  const errorText = useErrorText()
  const toast = useToast()
  const [reason, setReason] = useState('')
  const [, send] = useMutation(SetReaderStatusDocument)
  const status = reader.status === 'BANNED' ? 'GOOD' : 'BANNED'
  const confirm = async () => {
    const { data, error } = await send({ input: { readerId: reader.id, status, reason: reason.trim() } })
    if (error) return errorText(error)
    const answer = data?.setReaderStatus
    if (answer?.__typename !== 'SetReaderStatusPayload') return errorText(answer ?? new Error())
    toast({ kind: 'done', text: text(`readers.done.${status}`, { name: reader.displayName }) })
    return null
  }
  return (
    <ActionDialog
      title={text(`readers.ask.${status}`, { name: reader.displayName })}
      action={text(`readers.action.${status}`)}
      isDangerous={status === 'BANNED'}
      isReady={reason.trim() !== ''}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>{text(`readers.consequence.${status}`)}</p>
      <TextArea
        label={text('readers.reason')}
        description={text('readers.reason-about')}
        value={reason}
        maxLength={MAX_REASON_LENGTH}
        isRequired
        onChange={setReason}
      />
    </ActionDialog>
  )
}
