import { SubmitCommentDocument } from '../../../schema/documents.ts'
import { type Gateway, GatewayError } from './gateway.ts'
import type { Session } from './session.ts'

export interface NewComment {
  articleId: string
  body: string
  parentId: string | null
  language: string
}

/** What became of a comment. The reader's text is kept unless it was sent. */
export type Submission =
  | { kind: 'SENT' }
  | { kind: 'RATE_LIMITED'; seconds: number }
  | {
      kind:
        | 'SIGN_IN'
        | 'CLOSED'
        | 'BANNED'
        | 'NAME_REFUSED'
        | 'BODY_REFUSED'
        | 'PARENT_REMOVED'
        | 'REPEATED'
        | 'ARTICLE_GONE'
        | 'OUTDATED'
        | 'NOT_SENT'
    }

/** Texts whose answer was lost: the gateway may have stored them. */
const unanswered = new Set<string>()

/** Submits a comment. A repeated attempt after a lost answer does not create a second comment. */
export async function submit(gateway: Gateway, session: Session, input: NewComment): Promise<Submission> {
  const key = JSON.stringify(input)
  try {
    const answer = await session.withToken(async (token) => {
      const { submitComment } = await gateway.send(SubmitCommentDocument, { input }, token)
      if (submitComment.__typename === 'NotSignedIn')
        throw new GatewayError('NOT_SIGNED_IN', submitComment.message)
      return submitComment
    }, isRefusal)
    const submission = answer ? submissionOf(answer) : ({ kind: 'SIGN_IN' } as const)
    // The gateway refuses the same text for some minutes: then the first attempt has arrived.
    if (submission.kind === 'REPEATED' && unanswered.has(key)) return { kind: 'SENT' }
    return submission
  } catch (error) {
    const submission = failedSubmission(error)
    if (submission.kind === 'NOT_SENT') unanswered.add(key)
    return submission
  }
}

export function isRefusal(error: unknown): boolean {
  return error instanceof GatewayError && error.failure === 'NOT_SIGNED_IN'
}

interface Answer {
  __typename: string
  field?: string
  retryAfter?: number
}

function submissionOf({ __typename, field, retryAfter = 60 }: Answer): Submission {
  switch (__typename) {
    case 'SubmitCommentPayload':
      return { kind: 'SENT' }
    case 'RateLimited':
      return { kind: 'RATE_LIMITED', seconds: retryAfter }
    case 'InvalidInput':
      return { kind: field === 'parentId' ? 'PARENT_REMOVED' : 'BODY_REFUSED' }
    case 'CommentsClosed':
      return { kind: 'CLOSED' }
    case 'Forbidden':
      return { kind: 'BANNED' }
    case 'DisplayNameRefused':
      return { kind: 'NAME_REFUSED' }
    case 'RepeatedComment':
      return { kind: 'REPEATED' }
    case 'NotFound':
      return { kind: 'ARTICLE_GONE' }
    default:
      return { kind: 'NOT_SENT' }
  }
}

function failedSubmission(error: unknown): Submission {
  const { failure, retryAfter } = error as Partial<GatewayError>
  if (failure === 'RATE_LIMITED') return { kind: 'RATE_LIMITED', seconds: retryAfter ?? 60 }
  if (failure === 'FORBIDDEN') return { kind: 'BANNED' }
  if (failure === 'OUTDATED') return { kind: 'OUTDATED' }
  return { kind: 'NOT_SENT' }
}
