import { PartnersDocument, type PartnersQuery } from '../../../../schema/documents.ts'
import { useNumber } from '../components/formats.ts'
import { Page } from '../components/page.tsx'
import { type Column, Table } from '../components/table.tsx'
import { Time } from '../components/time.tsx'
import { usePages } from '../components/use-pages.ts'
import { List } from '../records/list.tsx'
import { useRecordText } from '../records/texts.ts'
import { DeskLink } from '../shell/router.tsx'
import { PartnerState, partnerPath } from './partner.tsx'

type Row = PartnersQuery['partners']['edges'][number]['node']

/** The partners with their state, quota and licence. */
export function PartnerList() {
  const text = useRecordText()
  const columns = useColumns()
  const pages = usePages(PartnersDocument, {}, ({ partners }) => partners)
  return (
    <Page title={text('partners.title')}>
      <List pages={pages} empty={text('partners.none')}>
        {(partners) => (
          <Table
            label={text('partners.title')}
            columns={columns}
            rows={partners}
            keyOf={({ slug }) => slug}
          />
        )}
      </List>
    </Page>
  )
}

function useColumns(): Column<Row>[] {
  const text = useRecordText()
  const number = useNumber()
  return [
    {
      key: 'name',
      label: text('partners.name'),
      cell: ({ slug, name }) => (
        <DeskLink to={partnerPath(slug)}>
          <bdi>{name}</bdi>
        </DeskLink>
      ),
    },
    {
      key: 'state',
      label: text('partners.state'),
      isNarrow: true,
      cell: ({ suspendedAt }) => <PartnerState suspendedAt={suspendedAt} />,
    },
    {
      key: 'quota',
      label: text('partners.used'),
      isNarrow: true,
      cell: ({ usage, quotaPerDay }) =>
        text('partners.used-of', { used: number(usage.day), quota: number(quotaPerDay) }),
    },
    {
      key: 'licence',
      label: text('partners.licence'),
      cell: ({ licence }) =>
        licence
          ? text(licence.fullText ? 'partners.full-text' : 'partners.summaries')
          : text('partners.no-licence'),
    },
    {
      key: 'until',
      label: text('partners.valid-until'),
      isNarrow: true,
      cell: ({ licence }) =>
        licence?.validUntil ? (
          <Time at={licence.validUntil} />
        ) : (
          text(licence ? 'partners.no-end' : 'partners.none-yet')
        ),
    },
  ]
}
