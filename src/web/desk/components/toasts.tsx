import { createContext, type ReactNode, use, useCallback, useRef, useState } from 'react'
import { useText } from '../shell/texts.ts'
import { Button } from './button.tsx'

export interface Toast {
  kind: 'done' | 'failure'
  text: ReactNode
}

type ShowToast = (toast: Toast) => void

/** How long the result of an action is shown, in ms. Failures stay until they are closed (WCAG 2.2.1). */
const DONE_MS = 6_000

const ToastContext = createContext<ShowToast | null>(null)

/** Returns the function that shows the result of an action. Screen readers read it without moving the focus. */
export function useToast(): ShowToast {
  const show = use(ToastContext)
  if (!show) throw new Error('useToast needs ToastProvider')
  return show
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const text = useText()
  const [toasts, setToasts] = useState<readonly (Toast & { id: number })[]>([])
  const lastId = useRef(0)
  const close = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), [])
  const show = useCallback(
    (toast: Toast) => {
      lastId.current += 1
      const id = lastId.current
      setToasts((all) => [...all.slice(-3), { ...toast, id }])
      if (toast.kind === 'done') setTimeout(() => close(id), DONE_MS)
    },
    [close],
  )
  return (
    <ToastContext value={show}>
      {children}
      <section className="toasts" aria-label={text('toasts')} aria-live="polite">
        {toasts.map((toast) => (
          <div key={toast.id} className={`toast toast-${toast.kind}`}>
            <div>{toast.text}</div>
            <Button kind="quiet" aria-label={text('close')} onPress={() => close(toast.id)}>
              ✕
            </Button>
          </div>
        ))}
      </section>
    </ToastContext>
  )
}
