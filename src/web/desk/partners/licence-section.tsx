import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import { PartnerCoverageDocument } from '../../../../schema/documents.ts'
import { Time } from '../components/time.tsx'
import { Answer } from '../records/answer.tsx'
import { Badge } from '../records/badge.tsx'
import { useRecordText } from '../records/texts.ts'
import { Fact, type Partner } from './partner.tsx'

/** The licence of a partner, what it covers now, and its versions. */
export function LicenceSection({ partner }: { partner: Partner }) {
  const text = useRecordText()
  const { licence, licenceHistory, slug } = partner
  return (
    <section className="part" aria-labelledby="licence">
      <h2 id="licence">{text('partners.licence')}</h2>
      {licence ? <Terms licence={licence} /> : <p className="hint">{text('partners.no-licence-text')}</p>}
      {licence && <Coverage slug={slug} />}
      <ol className="history" aria-label={text('licence.history')}>
        {licenceHistory.map(({ version, at, admin }) => (
          <li key={version}>
            {text('licence.version', { version })} · <Time at={at} /> · <bdi>{admin}</bdi>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Terms({ licence }: { licence: NonNullable<Partner['licence']> }) {
  const text = useRecordText()
  const yesNo = (value: boolean) => text(value ? 'licence.yes' : 'licence.no')
  const { retentionDays, validFrom, validUntil } = licence
  return (
    <dl className="facts">
      <Fact label={text('licence.topics')}>
        <Entries entries={licence.topics} />
      </Fact>
      <Fact label={text('licence.sections')}>
        <Entries entries={licence.sections} />
      </Fact>
      <Fact label={text('licence.languages')}>
        <Entries entries={licence.languages} />
      </Fact>
      <Fact label={text('licence.agencies')}>
        <Entries entries={licence.agencies} />
      </Fact>
      <Fact label={text('licence.full-text')}>{yesNo(licence.fullText)}</Fact>
      <Fact label={text('licence.quotations')}>{yesNo(licence.quotations)}</Fact>
      <Fact label={text('licence.embeds')}>{yesNo(licence.embeds)}</Fact>
      <Fact label={text('licence.valid-from')}>{timeOr(validFrom, text('licence.no-limit'))}</Fact>
      <Fact label={text('partners.valid-until')}>{timeOr(validUntil, text('licence.no-limit'))}</Fact>
      <Fact label={text('licence.retention')}>
        {retentionDays === null ? text('licence.no-limit') : text('licence.days', { count: retentionDays })}
      </Fact>
      {licence.attribution && (
        <Fact label={text('licence.attribution')}>
          <bdi>{licence.attribution}</bdi>
        </Fact>
      )}
    </dl>
  )
}

function timeOr(at: string | null, otherwise: string): ReactNode {
  return at ? <Time at={at} /> : otherwise
}

/** "*" means everything, an empty list nothing. */
function Entries({ entries }: { entries: readonly string[] }) {
  const text = useRecordText()
  if (entries.includes('*')) return text('licence.everything')
  if (entries.length === 0) return text('licence.nothing')
  return <bdi>{entries.join(' · ')}</bdi>
}

function Coverage({ slug }: { slug: string }) {
  const text = useRecordText()
  const [result, reload] = useQuery({ query: PartnerCoverageDocument, variables: { slug } })
  return (
    <Answer result={result} reload={reload}>
      {({ partner }) => {
        const coverage = partner?.licence?.coverage
        if (!coverage) return null
        const { articles, images, inForce, warnings } = coverage
        return (
          <>
            <p>
              <Badge kind={inForce ? 'good' : 'bad'}>
                {text(inForce ? 'licence.in-force' : 'licence.not-in-force')}
              </Badge>{' '}
              {text('licence.covers-stories', { count: articles })} ·{' '}
              {text('licence.covers-images', { count: images })}
            </p>
            {warnings.length > 0 && (
              <ul className="history" aria-label={text('licence.warnings')}>
                {warnings.map(({ term, entry }) => (
                  <li key={`${term} ${entry}`}>
                    {text(`licence.warning.${term}`)} <bdi className="code">{entry}</bdi>
                  </li>
                ))}
              </ul>
            )}
          </>
        )
      }}
    </Answer>
  )
}
