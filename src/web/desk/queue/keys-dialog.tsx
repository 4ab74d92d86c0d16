import { useState } from 'react'
import { Dialog } from '../components/dialog.tsx'
import { useText } from '../shell/texts.ts'
import { SHOWN_KEYS } from './keys.ts'

interface Props {
  isOpen: boolean
  onClose(): void
  shortcuts: boolean
  setShortcuts(isOn: boolean): void
}

/** The list of keys. They can be turned off, because speech input can trigger them (WCAG 2.2, 2.1.4). */
export function KeysDialog({ isOpen, onClose, shortcuts, setShortcuts }: Props) {
  const text = useText()
  return (
    <Dialog title={text('queue.keys')} isOpen={isOpen} onClose={onClose}>
      <dl className="keys">
        {SHOWN_KEYS.map(({ command, keys }) => (
          <div key={command}>
            <dt dir="ltr">
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{text(`key.${command}`)}</dd>
          </div>
        ))}
        <div>
          <dt dir="ltr">
            <kbd>1</kbd>…<kbd>9</kbd> <kbd>n</kbd> <kbd>↵</kbd>
          </dt>
          <dd>{text('key.inReject')}</dd>
        </div>
      </dl>
      <label className="keys-switch">
        <input type="checkbox" checked={shortcuts} onChange={(event) => setShortcuts(event.target.checked)} />
        {text('keys.on')}
      </label>
    </Dialog>
  )
}

const STORED = 'dateline-desk-keys'

/** Whether single keys are used; stored in the browser. */
export function useShortcuts(): [boolean, (isOn: boolean) => void] {
  const [isOn, setOn] = useState(() => {
    try {
      return localStorage.getItem(STORED) !== 'off'
    } catch {
      return true
    }
  })
  const set = (value: boolean) => {
    setOn(value)
    try {
      localStorage.setItem(STORED, value ? 'on' : 'off')
    } catch {}
  }
  return [isOn, set]
}
