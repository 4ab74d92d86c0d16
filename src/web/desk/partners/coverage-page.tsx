import { useQuery } from 'urql'
import {
  ArticleCoverageDocument,
  type ArticleCoverageQuery,
  StoryToCoverDocument,
} from '../../../../schema/documents.ts'
import { Button } from '../components/button.tsx'
import { Field } from '../components/fields.tsx'
import { Page } from '../components/page.tsx'
import { Empty } from '../components/states.tsx'
import { type Column, Table } from '../components/table.tsx'
import { usePages } from '../components/use-pages.ts'
import { Answer } from '../records/answer.tsx'
import { Badge } from '../records/badge.tsx'
import { List } from '../records/list.tsx'
import { StoryName } from '../records/person-and-story.tsx'
import { useRecordText } from '../records/texts.ts'
import { DeskLink, useFilter } from '../shell/router.tsx'
import { PartnerState, partnerPath } from './partner.tsx'

/** For a story, which partners may have it. */
export function CoveragePage() {
  const text = useRecordText()
  const [story, setStory] = useFilter('story')
  return (
    <Page title={text('coverage.title')}>
      <p className="hint intro">{text('coverage.story-about')}</p>
      <search>
        <form
          className="filters filters-wide"
          onSubmit={(event) => {
            event.preventDefault()
            setStory(String(new FormData(event.currentTarget).get('story') ?? '').trim())
          }}
        >
          <Field label={text('coverage.story')}>
            {(props) => (
              <input
                {...props}
                key={story}
                name="story"
                className="text-input"
                dir="auto"
                defaultValue={story ?? ''}
              />
            )}
          </Field>
          <Button type="submit">{text('coverage.show')}</Button>
        </form>
      </search>
      {story && <StoryCoverage named={story} />}
    </Page>
  )
}

/** A story is named by its slug or the address of its page. */
function StoryCoverage({ named }: { named: string }) {
  const text = useRecordText()
  const byUrl = URL.canParse(named)
  const [result, reload] = useQuery({
    query: StoryToCoverDocument,
    variables: byUrl ? { url: named } : { slug: named },
  })
  return (
    <Answer result={result} reload={reload}>
      {({ article }) =>
        article ? (
          <>
            <p className="item-context">
              <StoryName story={article} />
            </p>
            <CoverageTable articleId={article.id} />
          </>
        ) : (
          <Empty title={text('coverage.unknown')} />
        )
      }
    </Answer>
  )
}

type Row = ArticleCoverageQuery['partners']['edges'][number]['node']

function CoverageTable({ articleId }: { articleId: string }) {
  const text = useRecordText()
  const pages = usePages(ArticleCoverageDocument, { articleId }, ({ partners }) => partners)
  const columns: Column<Row>[] = [
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
      key: 'covers',
      label: text('coverage.covers'),
      cell: ({ licence }) => (
        <Badge kind={licence?.covers ? 'good' : 'plain'}>
          {text(licence ? (licence.covers ? 'coverage.yes' : 'coverage.no') : 'partners.no-licence')}
        </Badge>
      ),
    },
  ]
  return (
    <List pages={pages} empty={text('partners.none')}>
      {(partners) => (
        <Table label={text('coverage.title')} columns={columns} rows={partners} keyOf={({ slug }) => slug} />
      )}
    </List>
  )
}
