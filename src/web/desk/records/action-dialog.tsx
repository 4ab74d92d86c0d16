import { type ReactNode, useState } from 'react'
import { ConfirmDialog } from '../components/dialog.tsx'
import { Notice } from '../components/notice.tsx'

interface ActionDialogProps {
  title: string
  /** The name of the action: a verb. */
  action: string
  isDangerous?: boolean
  /** Whether everything that the action needs is filled in. */
  isReady?: boolean
  /** What the action does, and what it needs. */
  children: ReactNode
  /** Does it. Returns what went wrong, or null. The dialog stays open if something went wrong. */
  onConfirm(): Promise<ReactNode>
  onClose(): void
}

/** Says what an action does, and does it when the user confirms. */
export function ActionDialog({ action, isReady = true, children, onConfirm, ...rest }: ActionDialogProps) {
  const [problem, setProblem] = useState<ReactNode>(null)
  const [isBusy, setIsBusy] = useState(false)
  const confirm = async () => {
    setIsBusy(true)
    const failed = await onConfirm()
    setIsBusy(false)
    setProblem(failed)
    if (failed === null) rest.onClose()
  }
  return (
    <ConfirmDialog {...rest} isOpen confirm={action} isBusy={isBusy || !isReady} onConfirm={confirm}>
      {children}
      {problem && <Notice kind="failure">{problem}</Notice>}
    </ConfirmDialog>
  )
}
