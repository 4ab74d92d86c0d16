import type { ReactNode } from 'react'

interface BadgeProps {
  /** `good`: visible or allowed; `bad`: taken away or refused; `waiting`: not yet. */
  kind: 'good' | 'bad' | 'waiting' | 'plain'
  children: ReactNode
}

/** A state in a word or two. The word says it; the colour only repeats it. */
export function Badge({ kind, children }: BadgeProps) {
  return <span className={`badge badge-${kind}`}>{children}</span>
}
