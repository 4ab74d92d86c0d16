import { ChoiceFilter, Filters, TextFilter } from '../components/fields.tsx'
import { setFilters, usePlace } from '../shell/router.tsx'
import { useText } from '../shell/texts.ts'
import { AGES, FILTER_NAMES, filterFrom, isFiltered } from './filter.ts'

/** The filters of the queue, besides those by article and language. */
export function QueueFilters() {
  const text = useText()
  const { search } = usePlace()
  const filter = filterFrom(search)
  const clear = () => setFilters(Object.fromEntries(FILTER_NAMES.map((name) => [name, null])))
  return (
    <Filters label={text('filter.label')}>
      <TextFilter name="text" label={text('filter.text')} />
      <ChoiceFilter
        name="reply"
        label={text('filter.reply')}
        all={text('filter.all')}
        choices={[
          { value: 'no', label: text('filter.reply.no') },
          { value: 'yes', label: text('filter.reply.yes') },
        ]}
      />
      <ChoiceFilter
        name="age"
        label={text('filter.age')}
        all={text('filter.all')}
        choices={AGES.map((age) => ({ value: age, label: text(`filter.age.${age}`) }))}
      />
      {filter.reader !== null && (
        <button type="button" className="button" onClick={() => setFilters({ reader: null })}>
          {text('filter.oneReader')} <span aria-hidden="true">✕</span>
        </button>
      )}
      {isFiltered(filter) && (
        <button type="button" className="link-button" onClick={clear}>
          {text('queue.clearFilters')}
        </button>
      )}
    </Filters>
  )
}
