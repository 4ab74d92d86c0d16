import { useQuery } from 'urql'
import { type DecisionFilter, StoryNameDocument, type Verdict } from '../../../../schema/documents.ts'
import { Button } from '../components/button.tsx'
import { ChoiceFilter, Field, Filters } from '../components/fields.tsx'
import { useRecordText } from '../records/texts.ts'
import { setFilters, useFilter, usePlace } from '../shell/router.tsx'
import type { Decided } from './decided.ts'

const VERDICTS: readonly Verdict[] = ['APPROVED', 'REJECTED']

/** The names of the filters in the address. */
const NAMES = ['verdict', 'moderator', 'story', 'from', 'until'] as const

/** The filter of the API that the address contains. Days are those of the user's time zone. */
export function decisionFilter(search: URLSearchParams): DecisionFilter {
  const from = dayOf(search.get('from'))
  const until = dayOf(search.get('until'))
  until?.setDate(until.getDate() + 1)
  return {
    moderator: search.get('moderator'),
    verdict: VERDICTS.find((verdict) => verdict === search.get('verdict')) ?? null,
    articleId: search.get('story'),
    decidedFrom: from?.toISOString() ?? null,
    decidedBefore: until?.toISOString() ?? null,
  }
}

function dayOf(day: string | null): Date | null {
  const date = new Date(`${day}T00:00`)
  return day === null || Number.isNaN(date.valueOf()) ? null : date
}

/** The moderators and stories to choose from are those that the list shows, and the chosen ones. */
export function DecisionFilters({ decided }: { decided: readonly Decided[] }) {
  const text = useRecordText()
  const { search } = usePlace()
  const moderators = new Map(decided.map(({ moderator, moderatorName }) => [moderator, moderatorName]))
  const stories = new Map<string, string>()
  for (const { comment } of decided) {
    if (comment.article) stories.set(comment.article.id, comment.article.headline)
  }
  const all = text('records.all')
  return (
    <Filters label={text('records.filters')}>
      <ChoiceFilter
        name="verdict"
        label={text('decided.verdict')}
        all={all}
        choices={VERDICTS.map((value) => ({ value, label: text(`verdict.${value}`) }))}
      />
      <ChoiceFilter
        name="moderator"
        label={text('decided.moderator')}
        all={all}
        choices={moderatorChoices(moderators)}
      />
      <ChoiceFilter
        name="story"
        label={text('decided.story')}
        all={all}
        choices={choicesOf(useWithChosenStory(stories))}
      />
      <DayFilter label={text('decided.from')} name="from" />
      <DayFilter label={text('decided.until')} name="until" />
      {NAMES.some((name) => search.has(name)) && (
        <Button onPress={() => setFilters(Object.fromEntries(NAMES.map((name) => [name, null])))}>
          {text('records.clear-filters')}
        </Button>
      )}
    </Filters>
  )
}

/** Moderators with the same name are told apart by their subjects. */
function moderatorChoices(names: ReadonlyMap<string, string>) {
  const all = [...names.values()]
  const isShared = (name: string) => all.indexOf(name) !== all.lastIndexOf(name)
  return choicesOf(names).map(({ value, label }) => ({
    value,
    label: isShared(label) ? `${label} (${value})` : label,
  }))
}

function choicesOf(names: ReadonlyMap<string, string>) {
  return [...names].map(([value, label]) => ({ value, label }))
}

/** With the chosen story, which the list may not show. */
function useWithChosenStory(stories: Map<string, string>): ReadonlyMap<string, string> {
  const [id] = useFilter('story')
  const [{ data }] = useQuery({
    query: StoryNameDocument,
    variables: { id: id ?? '' },
    pause: id === null || stories.has(id),
  })
  const chosen = data?.article
  return chosen && chosen.id === id ? new Map([...stories, [chosen.id, chosen.headline]]) : stories
}

function DayFilter({ label, name }: { label: string; name: string }) {
  const [value, setValue] = useFilter(name)
  return (
    <Field label={label}>
      {(props) => (
        <input
          {...props}
          type="date"
          className="text-input"
          value={value ?? ''}
          onChange={(event) => setValue(event.target.value)}
        />
      )}
    </Field>
  )
}
