import { useRecordText } from '../records/texts.ts'
import { DeskLink } from '../shell/router.tsx'
import type { ViewProps } from '../shell/view-props.ts'
import { CoveragePage } from './coverage-page.tsx'
import { PartnerList } from './partner-list.tsx'
import { PartnerPage } from './partner-page.tsx'
import { RecallsPage } from './recalls-page.tsx'

/** The partners, one of them, the open recalls, or what the licences cover. */
export default function PartnersView({ rest: [part, slug] }: ViewProps) {
  const text = useRecordText()
  const tabs = [
    { to: '/partners', label: text('partners.title'), isCurrent: part === undefined },
    { to: '/partners/recalls', label: text('recalls.title'), isCurrent: part === 'recalls' },
    { to: '/partners/coverage', label: text('coverage.title'), isCurrent: part === 'coverage' },
  ]
  return (
    <>
      <nav className="links" aria-label={text('partners.parts')}>
        {tabs.map(({ to, label, isCurrent }) => (
          <DeskLink key={to} to={to} aria-current={isCurrent ? 'page' : undefined}>
            {label}
          </DeskLink>
        ))}
      </nav>
      <Part part={part} slug={slug} />
    </>
  )
}

function Part({ part, slug }: { part: string | undefined; slug: string | undefined }) {
  if (part === 'recalls') return <RecallsPage />
  if (part === 'coverage') return <CoveragePage />
  if (part === 'outlet' && slug !== undefined) return <PartnerPage slug={slug} />
  return <PartnerList />
}
