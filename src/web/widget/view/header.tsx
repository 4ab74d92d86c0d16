import type { Order } from '../state.ts'
import { useView } from './context.ts'

const CONNECTION_TEXTS = {
  connecting: 'connecting',
  live: 'live',
  polling: 'polling',
  offline: 'offline',
} as const

/** The number of comments, the state of the connection, and the order. */
export function Header() {
  const { state, text, controller } = useView()
  const { comments, connection, order } = state
  return (
    <header class="header" part="header">
      <h2 class="title" part="title">
        {text('commentCount', { count: comments?.count ?? 0 })}
      </h2>
      <p class={`connection ${connection}`} part="connection">
        {text(CONNECTION_TEXTS[connection])}
      </p>
      <label class="order" part="order">
        <span>{text('order')}</span>
        <select
          value={order}
          onChange={({ currentTarget }) => void controller.setOrder(currentTarget.value as Order)}
        >
          <option value="newest">{text('newestFirst')}</option>
          <option value="oldest">{text('oldestFirst')}</option>
        </select>
      </label>
    </header>
  )
}
