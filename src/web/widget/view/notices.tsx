import type { Failure } from '../gateway.ts'
import { useView } from './context.ts'

const FAILURE_TEXTS = {
  UNREACHABLE: 'unreachable',
  ORIGIN_REFUSED: 'originRefused',
  OUTDATED: 'outdated',
  NOT_FOUND: 'articleGone',
} as const

/** What went wrong, and what the reader can do. */
export function Notices() {
  const { state, text, controller } = useView()
  const { failure, comments, linkedIsMissing } = state
  return (
    <>
      {failure && (
        <div class="notice" part="notice" role="alert">
          <p>{text(textOf(failure))}</p>
          {failure === 'OUTDATED' && (
            <button type="button" class="button" part="button" onClick={() => location.reload()}>
              {text('reloadPage')}
            </button>
          )}
          {failure !== 'OUTDATED' && failure !== 'NOT_FOUND' && failure !== 'ORIGIN_REFUSED' && (
            <button type="button" class="button" part="button" onClick={() => controller.retry()}>
              {text('tryAgain')}
            </button>
          )}
        </div>
      )}
      {!failure && !comments && <p class="soft">{text('loading')}</p>}
      {linkedIsMissing && comments && (
        <p class="notice" part="notice" role="status">
          {text('linkedMissing')}
        </p>
      )}
    </>
  )
}

function textOf(failure: Failure) {
  return FAILURE_TEXTS[failure as keyof typeof FAILURE_TEXTS] ?? 'failed'
}
