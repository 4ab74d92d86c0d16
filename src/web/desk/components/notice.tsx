import type { ReactNode } from 'react'

/** A message in the page. A failure is announced by screen readers at once. */
export function Notice({ kind, children }: { kind: 'failure' | 'warning' | 'note'; children: ReactNode }) {
  return (
    <div className={`notice notice-${kind}`} role={kind === 'failure' ? 'alert' : 'note'}>
      {children}
    </div>
  )
}
