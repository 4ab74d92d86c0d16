import { Button } from '../components/button.tsx'
import { useText } from '../shell/texts.ts'
import type { Actions } from './use-actions.ts'
import type { Queue } from './use-queue.ts'

/** What can be done with all selected comments. */
export function SelectionBar({ queue, actions }: { queue: Queue; actions: Actions }) {
  const text = useText()
  const { shown, departures } = queue
  const { selected } = actions.selection
  const open = shown.filter(({ id }) => !departures.has(id))
  const count = open.filter(({ id }) => selected.has(id)).length
  if (open.length === 0) return null
  return (
    <div className="selection-bar" role="toolbar" aria-label={text('selection.label')}>
      <label className="selection-all">
        <input
          type="checkbox"
          checked={count === open.length}
          ref={(element) => {
            if (element) element.indeterminate = count > 0 && count < open.length
          }}
          onChange={() => actions.selectLoaded()}
        />
        {count === 0 ? text('selection.all', { count: open.length }) : text('selection.count', { count })}
      </label>
      {count > 0 && (
        <>
          <Button kind="primary" onPress={() => actions.approve()}>
            {text('approve.count', { count })}
          </Button>
          <Button kind="danger" onPress={() => actions.reject()}>
            {text('reject.count', { count })}
          </Button>
          <Button kind="quiet" onPress={() => actions.clear()}>
            {text('selection.clear')}
          </Button>
        </>
      )}
    </div>
  )
}
