import type { ComponentChild } from 'preact'
import type { Comment } from '../comments.ts'
import { useView } from './context.ts'

interface RepliesProps {
  comment: Comment
  isRemoved: boolean
  renderReply(id: string): ComponentChild
}

/** The replies to a comment, folded until the reader opens them. */
export function Replies({ comment, isRemoved, renderReply }: RepliesProps) {
  const { state, text } = useView()
  const { id } = comment
  const section = state.comments?.sections.get(id)
  if (!section) return null
  const isLoading = section !== undefined && section.ids.length === 0 && state.loading.has(`newer:${id}`)
  return (
    <div class="replies" part="replies">
      {isLoading && <p class="soft">{text('loading')}</p>}
      {section.hasOlder && section.ids.length > 0 && <MoreReplies id={id} edge="older" />}
      {section.ids.map(renderReply)}
      {!isLoading && section.hasNewer && <MoreReplies id={id} edge="newer" />}
      {isRemoved && section.ids.length === 0 && <p class="soft">{text('noReplies')}</p>}
    </div>
  )
}

/** Opens and closes the replies to a comment, and says when there are new ones. */
export function RepliesToggle({ id, replyCount }: Comment) {
  const { state, text, controller } = useView()
  const section = state.comments?.sections.get(id)
  if (!section && replyCount === 0) return null
  return (
    <>
      <button
        type="button"
        class="action"
        part="action"
        data-replies={id}
        aria-expanded={section !== undefined}
        onClick={() => controller.toggleReplies(id)}
      >
        {section ? text('hideReplies') : text('showReplies', { count: replyCount })}
      </button>
      {section && section.fresh.length > 0 && !section.hasNewer && (
        <button
          type="button"
          class="action"
          part="action new-replies"
          onClick={() => void controller.showNew(id)}
        >
          {text('newReplies', { count: section.fresh.length })}
        </button>
      )}
    </>
  )
}

function MoreReplies({ id, edge }: { id: string; edge: 'older' | 'newer' }) {
  const { state, text, controller } = useView()
  const isLoading = state.loading.has(`${edge}:${id}`)
  return (
    <p class="actions">
      {state.failed.has(`${edge}:${id}`) && <span role="alert">{text('loadingFailed')}</span>}
      <button
        type="button"
        class="action"
        part="action"
        aria-disabled={isLoading}
        onClick={() => void controller.loadMore(id, edge, true)}
      >
        {text(isLoading ? 'loading' : edge === 'older' ? 'showEarlierReplies' : 'showMoreReplies')}
      </button>
    </p>
  )
}
