import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading } from 'react-aria-components/Dialog'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { useText } from '../shell/texts.ts'
import { Button } from './button.tsx'

interface DialogProps {
  title: string
  isOpen: boolean
  onClose(): void
  children: ReactNode
  /** The buttons at the end. */
  actions?: ReactNode
  /** Whether the user fills something in: a click outside does not close the dialog then. */
  hasInput?: boolean
}

/** A modal dialog. The focus moves into it and returns; Escape closes it. */
export function Dialog({ title, isOpen, onClose, children, actions, hasInput = false }: DialogProps) {
  const text = useText()
  return (
    <ModalOverlay
      className="dialog-overlay"
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={!hasInput}
    >
      <Modal className="dialog-modal">
        <AriaDialog className="dialog">
          <div className="dialog-head">
            <Heading slot="title">{title}</Heading>
            <Button kind="quiet" aria-label={text('close')} onPress={onClose}>
              ✕
            </Button>
          </div>
          <div className="dialog-body">{children}</div>
          {actions && <div className="dialog-actions">{actions}</div>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

interface ConfirmProps extends Omit<DialogProps, 'actions' | 'hasInput'> {
  /** The name of the action: a verb, never only "OK". */
  confirm: string
  isDangerous?: boolean
  isBusy?: boolean
  onConfirm(): void
}

/** A dialog that asks before an action. */
export function ConfirmDialog({ confirm, isDangerous, isBusy, onConfirm, ...rest }: ConfirmProps) {
  const text = useText()
  return (
    <Dialog
      {...rest}
      hasInput
      actions={
        <>
          <Button onPress={rest.onClose}>{text('cancel')}</Button>
          <Button kind={isDangerous ? 'danger' : 'primary'} isDisabled={isBusy} onPress={onConfirm}>
            {confirm}
          </Button>
        </>
      }
    />
  )
}
