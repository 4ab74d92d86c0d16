import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { MAX_COMMENT_LENGTH } from '../../../text/comment-limits.ts'
import { countGraphemes } from '../../../text/length.ts'
import type { WidgetText } from '../language.ts'
import type { WidgetState } from '../state.ts'
import type { Submission } from '../submit.ts'
import { useView } from './context.ts'
import { useDraft } from './draft.ts'
import { Guidelines } from './guidelines.tsx'
import { SignIn } from './sign-in.tsx'

/** From this number of remaining characters on, the number is shown. */
const COUNTER_FROM = 200

interface CommentFormProps {
  /** The comment that is replied to; null for a comment that is not a reply. */
  parentId: string | null
}

/** The form for a comment or a reply. Its text survives a reload of the page. */
export function CommentForm({ parentId }: CommentFormProps) {
  const { state, text } = useView()
  const [body, setBody] = useDraft(parentId)
  const [isSent, setSent] = useState(false)
  const write = (next: string) => {
    setBody(next)
    setSent(false)
  }
  if (!state.commentingOpen && body === '') {
    return parentId === null ? (
      <p class="notice" part="notice">
        {text('commentingClosed')}
      </p>
    ) : null
  }
  if (state.isReadOnly) {
    return (
      <p class="notice" part="notice">
        {text('readOnly')}
      </p>
    )
  }
  if (isSent) return <Sent parentId={parentId} onAgain={() => setSent(false)} />
  if (!state.isSignedIn && body === '') return <SignIn />
  return (
    <OpenForm
      parentId={parentId}
      body={body}
      onWrite={write}
      onSent={() => {
        write('')
        setSent(true)
      }}
    />
  )
}

/** Says that the comment was sent. The focus moves here, because the form is gone. */
function Sent({ parentId, onAgain }: CommentFormProps & { onAgain(): void }) {
  const { text, setReplyTo } = useView()
  const message = useRef<HTMLParagraphElement>(null)
  useEffect(() => message.current?.focus(), [])
  return (
    <div class="notice sent" part="notice">
      <p ref={message} tabIndex={-1} role="status">
        {text('sent')}
      </p>
      <button
        type="button"
        class="button"
        part="button"
        onClick={() => (parentId === null ? onAgain() : setReplyTo(null))}
      >
        {text(parentId === null ? 'writeAnother' : 'close')}
      </button>
    </div>
  )
}

interface OpenFormProps extends CommentFormProps {
  body: string
  onWrite(body: string): void
  onSent(): void
}

function OpenForm({ parentId, body, onWrite, onSent }: OpenFormProps) {
  const { state, text, controller, setReplyTo } = useView()
  const [isSending, setSending] = useState(false)
  const [refusal, setRefusal] = useState<Submission | null>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const id = useId()
  const remaining = remainingOf(body)
  const isParentRemoved = parentId !== null && (state.comments?.removed.has(parentId) ?? false)
  const isOpen = state.commentingOpen && !state.isBanned && !isParentRemoved
  const problems = problemsOf({ ...state, isParentRemoved }, refusal, text)
  useEffect(() => {
    if (parentId !== null) field.current?.focus()
  }, [parentId])

  const send = async (event: Event) => {
    event.preventDefault()
    if (isSending || !isOpen) return
    if (body.trim() === '' || remaining < 0) {
      setRefusal({ kind: 'BODY_REFUSED' })
      return field.current?.focus()
    }
    setSending(true)
    setRefusal(null)
    const submission = await controller.submit(body, parentId)
    setSending(false)
    if (submission.kind === 'SENT') return onSent()
    setRefusal(submission)
    field.current?.focus()
  }
  const cancel = () => {
    const { current } = field
    const root = current?.getRootNode() as ShadowRoot | undefined
    setReplyTo(null)
    root?.querySelector<HTMLElement>(`[data-reply="${parentId}"]`)?.focus()
  }
  return (
    <form class="form" part="form" onSubmit={(event) => void send(event)} noValidate>
      <div class="field">
        <label for={id}>{text(parentId === null ? 'yourComment' : 'yourReply')}</label>
        <textarea
          id={id}
          ref={field}
          part="input"
          dir="auto"
          rows={parentId === null ? 4 : 3}
          value={body}
          aria-invalid={refusal !== null || remaining < 0}
          aria-describedby={`${id}-counter ${id}-error`}
          onInput={({ currentTarget }) => onWrite(currentTarget.value)}
        />
        <div id={`${id}-error`} role="alert">
          {problems.map((problem) => (
            <p key={problem} class="negative">
              {problem}
            </p>
          ))}
        </div>
        {!state.isSignedIn && <SignIn isAgain />}
        <p class="buttons">
          <button
            type="submit"
            class="button primary"
            part="button submit"
            aria-disabled={isSending || !isOpen}
          >
            {text(isSending ? 'sending' : 'send')}
          </button>
          {parentId !== null && (
            <button type="button" class="button" part="button" onClick={cancel}>
              {text('cancel')}
            </button>
          )}
          <span class={`counter ${remaining < 0 ? 'negative' : 'soft'}`} id={`${id}-counter`}>
            {remaining <= COUNTER_FROM &&
              text(remaining < 0 ? 'tooLong' : 'remaining', { count: Math.abs(remaining) })}
          </span>
        </p>
        <p class="soft small">{text('moderated')}</p>
      </div>
      {parentId === null && <Guidelines />}
    </form>
  )
}

/** The number of characters that may still be written. A short text need not be counted exactly. */
function remainingOf(body: string): number {
  const isShort = body.length < MAX_COMMENT_LENGTH - COUNTER_FROM
  return MAX_COMMENT_LENGTH - (isShort ? body.length : countGraphemes(body))
}

const REFUSAL_TEXTS = {
  SIGN_IN: 'signInAgain',
  CLOSED: 'closedWhileWriting',
  BANNED: 'banned',
  NAME_REFUSED: 'nameRefused',
  BODY_REFUSED: 'bodyRefused',
  PARENT_REMOVED: 'parentRemoved',
  REPEATED: 'repeated',
  ARTICLE_GONE: 'articleGone',
  OUTDATED: 'outdated',
  NOT_SENT: 'notSent',
} as const

/** Why the comment was not sent or can't be sent, each reason once. */
function problemsOf(
  { isSignedIn, isBanned, commentingOpen, isParentRemoved }: WidgetState & { isParentRemoved: boolean },
  refusal: Submission | null,
  text: WidgetText,
): string[] {
  const problems = refusal ? [refusalText(refusal, text)] : []
  if (!isSignedIn) problems.push(text('signInAgain'))
  if (isParentRemoved) problems.push(text('parentRemoved'))
  if (isBanned) problems.push(text('banned'))
  if (!commentingOpen) problems.push(text('closedWhileWriting'))
  return [...new Set(problems)]
}

function refusalText(refusal: Submission, text: WidgetText): string {
  if (refusal.kind === 'RATE_LIMITED') return text('rateLimited', { seconds: refusal.seconds })
  if (refusal.kind === 'SENT') return ''
  if (refusal.kind === 'BODY_REFUSED') return text('bodyRefused', { max: MAX_COMMENT_LENGTH })
  return text(REFUSAL_TEXTS[refusal.kind])
}
