import type { ReactNode } from 'react'
import type { PartnerDetailsQuery } from '../../../../schema/documents.ts'
import { Badge } from '../records/badge.tsx'
import { useRecordText } from '../records/texts.ts'

export type Partner = NonNullable<PartnerDetailsQuery['partner']>

/** The path of a partner at the desk. */
export function partnerPath(slug: string): string {
  return `/partners/outlet/${encodeURIComponent(slug)}`
}

/** Whether a partner may use the API. */
export function PartnerState({ suspendedAt }: { suspendedAt: string | null }) {
  const text = useRecordText()
  return suspendedAt ? (
    <Badge kind="bad">{text('partners.suspended')}</Badge>
  ) : (
    <Badge kind="good">{text('partners.active')}</Badge>
  )
}

/** A fact with its name, in a list of facts. */
export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}
