import {
  EditorialArticlesDocument,
  PublicStoriesDocument,
  StorySearchDocument,
} from '../../../../schema/documents.ts'
import { ChoiceFilter, Filters, TextFilter } from '../components/fields.tsx'
import { Page } from '../components/page.tsx'
import { type Column, Table } from '../components/table.tsx'
import { Time } from '../components/time.tsx'
import { type Pages, usePages } from '../components/use-pages.ts'
import { Badge } from '../records/badge.tsx'
import { List } from '../records/list.tsx'
import { StoryName } from '../records/person-and-story.tsx'
import { useRecordText } from '../records/texts.ts'
import { includesRole } from '../shell/roles.ts'
import { usePlace } from '../shell/router.tsx'
import { useViewer } from '../shell/viewer.ts'
import { STATE_KINDS, STATES, type StoryRow, stateOf } from './story.ts'

/** The stories that the user may see, newest first, with a search. */
export function StoryList() {
  const text = useRecordText()
  const { role } = useViewer()
  const { search } = usePlace()
  const words = search.get('text')
  const isEditor = includesRole(role, 'EDITOR')
  return (
    <Page title={text('stories.title')}>
      <Filters label={text('records.filters')}>
        <TextFilter name="text" label={text(isEditor ? 'stories.search-headlines' : 'stories.search')} />
        {isEditor && <EditorialFilters />}
      </Filters>
      {isEditor ? <EditorialStories /> : words ? <FoundStories words={words} /> : <PublicStories />}
    </Page>
  )
}

function EditorialFilters() {
  const text = useRecordText()
  return (
    <>
      <ChoiceFilter
        name="state"
        label={text('stories.state')}
        all={text('records.all')}
        choices={STATES.map((value) => ({ value, label: text(`story-state.${value}`) }))}
      />
      <ChoiceFilter
        name="comments"
        label={text('stories.comments')}
        all={text('records.all')}
        choices={(['open', 'closed'] as const).map((value) => ({ value, label: text(`stories.${value}`) }))}
      />
    </>
  )
}

function EditorialStories() {
  const { search } = usePlace()
  const comments = search.get('comments')
  const filter = {
    text: search.get('text'),
    state: STATES.find((state) => state === search.get('state')) ?? null,
    commentingOpen: comments === null ? null : comments === 'open',
  }
  return (
    <StoryTable
      pages={usePages(EditorialArticlesDocument, { filter }, ({ editorialArticles }) => editorialArticles)}
    />
  )
}

function PublicStories() {
  return <StoryTable pages={usePages(PublicStoriesDocument, {}, ({ articles }) => articles)} />
}

function FoundStories({ words }: { words: string }) {
  return (
    <StoryTable pages={usePages(StorySearchDocument, { text: words }, ({ search }) => search.articles)} />
  )
}

function StoryTable({ pages }: { pages: Pages<StoryRow> }) {
  const text = useRecordText()
  const columns = useColumns()
  return (
    <List pages={pages} empty={text('stories.none')}>
      {(stories) => (
        <Table label={text('stories.title')} columns={columns} rows={stories} keyOf={({ id }) => id} />
      )}
    </List>
  )
}

function useColumns(): Column<StoryRow>[] {
  const text = useRecordText()
  return [
    {
      key: 'headline',
      label: text('stories.headline'),
      cell: (story) => (
        <>
          <StoryName story={story} />
          {story.topic && (
            <span className="under">
              <bdi>{story.topic.name}</bdi>
            </span>
          )}
        </>
      ),
    },
    {
      key: 'state',
      label: text('stories.state'),
      isNarrow: true,
      cell: (story) => {
        const state = stateOf(story)
        return <Badge kind={STATE_KINDS[state]}>{text(`story-state.${state}`)}</Badge>
      },
    },
    {
      key: 'published',
      label: text('stories.published'),
      isNarrow: true,
      cell: ({ publishedAt }) => <Time at={publishedAt} />,
    },
    {
      key: 'comments',
      label: text('stories.comments'),
      isNarrow: true,
      cell: ({ commentCount, commentingOpen }) =>
        text(commentingOpen ? 'stories.count-open' : 'stories.count-closed', {
          count: commentCount,
        }),
    },
  ]
}
