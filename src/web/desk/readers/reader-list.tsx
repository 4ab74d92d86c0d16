import { type ReaderStatus, ReadersDocument, type ReadersQuery } from '../../../../schema/documents.ts'
import { ChoiceFilter, Filters, TextFilter } from '../components/fields.tsx'
import { useNumber } from '../components/formats.ts'
import { Page } from '../components/page.tsx'
import { type Column, Table } from '../components/table.tsx'
import { Time } from '../components/time.tsx'
import { usePages } from '../components/use-pages.ts'
import { List } from '../records/list.tsx'
import { ReaderName } from '../records/person-and-story.tsx'
import { useRecordText } from '../records/texts.ts'
import { usePlace } from '../shell/router.tsx'

const STATUSES: readonly ReaderStatus[] = ['GOOD', 'BANNED']

/** The shortest text that the API searches for. */
const MIN_SEARCH_LENGTH = 3

type Row = ReadersQuery['readers']['edges'][number]['node']

/** Readers, newest first, with a search by name or subject. */
export function ReaderList() {
  const text = useRecordText()
  const columns = useColumns()
  const { search: address } = usePlace()
  const typed = address.get('search')?.trim() || null
  const isShort = typed !== null && typed.length < MIN_SEARCH_LENGTH
  const search = isShort ? null : typed
  const status = STATUSES.find((each) => each === address.get('status')) ?? null
  const pages = usePages(ReadersDocument, { filter: { search, status } }, ({ readers }) => readers)
  return (
    <Page title={text('readers.title')}>
      <Filters label={text('records.filters')}>
        <TextFilter name="search" label={text('readers.search')} />
        <ChoiceFilter
          name="status"
          label={text('readers.status')}
          all={text('records.all')}
          choices={STATUSES.map((value) => ({ value, label: text(`reader-status.${value}`) }))}
        />
      </Filters>
      {isShort && <p className="hint">{text('readers.search-short', { count: MIN_SEARCH_LENGTH })}</p>}
      <List pages={pages} empty={text(search === null ? 'readers.none' : 'readers.none-found')}>
        {(readers) => (
          <Table label={text('readers.title')} columns={columns} rows={readers} keyOf={({ id }) => id} />
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
      label: text('readers.name'),
      cell: (reader) => (
        <>
          <ReaderName name={reader.displayName} reader={reader} />
          <span className="under">
            <bdi className="code">{reader.subject}</bdi>
          </span>
        </>
      ),
    },
    {
      key: 'seen',
      label: text('readers.first-seen'),
      isNarrow: true,
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
    {
      key: 'pending',
      label: text('comment-status.PENDING'),
      isNarrow: true,
      cell: ({ commentCounts }) => number(commentCounts.pending),
    },
    {
      key: 'approved',
      label: text('comment-status.APPROVED'),
      isNarrow: true,
      cell: ({ commentCounts }) => number(commentCounts.approved),
    },
    {
      key: 'rejected',
      label: text('comment-status.REJECTED'),
      isNarrow: true,
      cell: ({ commentCounts }) => number(commentCounts.rejected),
    },
  ]
}
