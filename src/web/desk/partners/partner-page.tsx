import { useQuery } from 'urql'
import { PartnerDetailsDocument } from '../../../../schema/documents.ts'
import { useNumber } from '../components/formats.ts'
import { Page } from '../components/page.tsx'
import { Time } from '../components/time.tsx'
import { Answer } from '../records/answer.tsx'
import { Badge } from '../records/badge.tsx'
import { useRecordText } from '../records/texts.ts'
import { LicenceSection } from './licence-section.tsx'
import { Fact, type Partner, PartnerState } from './partner.tsx'

/** One partner: state, quota, licence, keys and webhooks. */
export function PartnerPage({ slug }: { slug: string }) {
  const text = useRecordText()
  const [result, reload] = useQuery({ query: PartnerDetailsDocument, variables: { slug } })
  return (
    <Page title={result.data?.partner?.name ?? text('partners.partner')}>
      <Answer result={result} reload={reload}>
        {({ partner }) => (partner ? <Details partner={partner} /> : <p>{text('partners.unknown')}</p>)}
      </Answer>
    </Page>
  )
}

function Details({ partner }: { partner: Partner }) {
  return (
    <>
      <Facts partner={partner} />
      <LicenceSection partner={partner} />
      <Keys keys={partner.keys} />
      <Webhooks webhooks={partner.webhooks} />
    </>
  )
}

function Facts({ partner }: { partner: Partner }) {
  const text = useRecordText()
  const number = useNumber()
  const { usage, quotaPerDay, quotaPerMinute, suspendedAt } = partner
  const used = (count: number, quota: number) =>
    text('partners.used-of', { used: number(count), quota: number(quota) })
  return (
    <>
      <p>
        <PartnerState suspendedAt={suspendedAt} /> {suspendedAt && <Time at={suspendedAt} />}
      </p>
      <dl className="facts">
        <Fact label={text('partners.slug')}>
          <bdi className="code">{partner.slug}</bdi>
        </Fact>
        <Fact label={text('partners.since')}>
          <Time at={partner.createdAt} />
        </Fact>
        <Fact label={text('partners.today')}>{used(usage.day, quotaPerDay)}</Fact>
        <Fact label={text('partners.this-minute')}>{used(usage.minute, quotaPerMinute)}</Fact>
      </dl>
      <p className="hint">{text('partners.read-only')}</p>
    </>
  )
}

function Keys({ keys }: { keys: Partner['keys'] }) {
  const text = useRecordText()
  return (
    <section className="part" aria-labelledby="keys">
      <h2 id="keys">{text('partners.keys')}</h2>
      {keys.length === 0 && <p className="hint">{text('partners.no-keys')}</p>}
      <ul className="history">
        {keys.map(({ prefix, kind, createdAt, expiresAt, lastUsedAt }) => (
          <li key={prefix}>
            <bdi className="code">{prefix}…</bdi> {text(`key-kind.${kind}`)}
            <dl className="facts">
              <Fact label={text('partners.created')}>
                <Time at={createdAt} />
              </Fact>
              <Fact label={text('partners.last-used')}>
                {lastUsedAt ? <Time at={lastUsedAt} /> : text('partners.never')}
              </Fact>
              {expiresAt && (
                <Fact label={text('partners.expires')}>
                  <Time at={expiresAt} />
                </Fact>
              )}
            </dl>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Webhooks({ webhooks }: { webhooks: Partner['webhooks'] }) {
  const text = useRecordText()
  return (
    <section className="part" aria-labelledby="webhooks">
      <h2 id="webhooks">{text('partners.webhooks')}</h2>
      {webhooks.length === 0 && <p className="hint">{text('partners.no-webhooks')}</p>}
      <ul className="history">
        {webhooks.map((webhook) => (
          <li key={webhook.id}>
            <bdi className="code">{webhook.url}</bdi> <WebhookState {...webhook} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function WebhookState({ disabledAt, disabledReason, failingSince }: Partner['webhooks'][number]) {
  const text = useRecordText()
  if (disabledAt) {
    return (
      <>
        <Badge kind="bad">{text('partners.webhook-disabled')}</Badge> <Time at={disabledAt} />{' '}
        {disabledReason && <bdi>{disabledReason}</bdi>}
      </>
    )
  }
  if (!failingSince) return <Badge kind="good">{text('partners.webhook-works')}</Badge>
  return (
    <>
      <Badge kind="waiting">{text('partners.webhook-fails')}</Badge> <Time at={failingSince} />
    </>
  )
}
