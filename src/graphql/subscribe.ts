import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  executeSubscriptionEvent,
  type GraphQLError,
  type GraphQLFormattedError,
  mapSourceToResponseEvent,
  type ValidatedSubscriptionArgs,
  validateSubscriptionArgs,
} from 'graphql'
import { anonymous, hasRole, type Viewer } from '../auth/viewer.ts'
import { SERVER_ERROR_CODES, TemporarilyUnavailable } from '../base/errors.ts'
import type { Audience } from '../comment-feed/audience.ts'
import type { CommentFeedEvent } from '../comment-feed/event.ts'
import { Payload, type Sink } from '../comment-feed/payload.ts'
import { PayloadQueue } from '../comment-feed/queue.ts'
import { retryUntilCancelled } from '../comment-feed/retry.ts'
import { CommentFeedSource } from '../comment-feed/source.ts'
import type { Context } from './context.ts'
import { isCanonicalId } from './ids.ts'
import { selectionOf } from './selection.ts'

/** How an error is formatted to clients; the gate's own masking. */
export type Mask = (error: unknown) => GraphQLError

/**
 * A subscription whose results other subscribers get too. A transport that knows it gives it a sink;
 * iterated, it is an ordinary stream of results.
 */
export class SharedFeed implements AsyncIterableIterator<ExecutionResult, undefined> {
  readonly #source: CommentFeedSource
  readonly #audience: Audience
  #queue: PayloadQueue | null = null

  constructor(source: CommentFeedSource, audience: Audience) {
    this.#source = source
    this.#audience = audience
  }

  /** Sends everything to a sink from now on; returns a function that ends it. */
  deliver(sink: Sink): () => void {
    return this.#source.deliver(this.#audience, sink)
  }

  /** Gives the subscription back without having begun it. */
  dispose(): void {
    this.#source.dispose()
  }

  async next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    this.#queue ??= new PayloadQueue((sink) => this.deliver(sink))
    const payload = await this.#queue.next()
    return payload
      ? { done: false, value: JSON.parse(String(payload.json)) }
      : { done: true, value: undefined }
  }

  async return(): Promise<IteratorResult<ExecutionResult, undefined>> {
    this.#queue?.discard()
    this.dispose()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }
}

/**
 * Subscribes as graphql-js does, but for comment feeds: there, up to the point where each event would be
 * executeEvent for this subscriber isUnshared, and a SharedFeed comes back. A failure comes back as its result.
 */
export async function subscribeShared(
  args: ExecutionArgs,
  mask: Mask,
): Promise<SharedFeed | AsyncGenerator<ExecutionResult, void, void> | ExecutionResult> {
  const validated = validateSubscriptionArgs(args)
  if (!('schema' in validated)) return { errors: validated }
  const stream = await createSourceEventStream(validated)
  if (!isStream(stream)) return stream
  if (!(stream instanceof CommentFeedSource)) return mapSourceToResponseEvent(validated, stream)
  const { viewer } = args.contextValue as Context
  const selection = selectionOf(args.schema, args.document, args.operationName ?? null)
  const effectiveViewer = selection.dependsOnViewer ? viewer : sharedViewer(viewer)
  const given = args.variableValues ?? {}
  const variables = selection.variables.filter((name) => name in given).map((name) => [name, given[name]])
  const key = JSON.stringify([
    selection.id,
    args.operationName,
    effectiveViewer.role,
    effectiveViewer.subject,
    variables,
  ])
  const audience: Audience = {
    key,
    execute: (event) => executeEvent(validated, effectiveViewer, event, mask),
    isCacheable: selection.staysWithinArticle,
    isUnshared: effectiveViewer.subject !== null,
    reader: effectiveViewer.subject,
    // An id can be written in many ways, and each would be another audience.
    isKnownDocument: selection.isKnownDocument && variables.every(([, value]) => isCanonicalId(value)),
  }
  if (!stream.admit(audience)) return { errors: [mask(new TemporarilyUnavailable(TOO_MANY_SELECTIONS))] }
  return new SharedFeed(stream, audience)
}

const TOO_MANY_SELECTIONS =
  'You watch this story by too many different selections at once. Send the document that your other ' +
  'subscriptions send, or one of schema/operations.'

function isStream(source: AsyncIterable<unknown> | ExecutionResult): source is AsyncIterable<unknown> {
  return Symbol.asyncIterator in source
}

/** Everybody with the same rights, as one viewer who is nobody: nothing of one reader's can get in. */
function sharedViewer(viewer: Viewer): Viewer {
  const role = hasRole(viewer, 'moderator') ? viewer.role : 'anonymous'
  return { ...anonymous, role }
}

/** For the database to come back while an event waits to be executeEvent, in ms. */
const EXECUTION_TIMEOUT_MS = 30_000

/**
 * Executes the operation on one event. While the database is away it waits; when that takes too long it
 * throws, and the event is not delivered at all rather than with a hole in it.
 */
async function executeEvent(
  args: ValidatedSubscriptionArgs,
  viewer: Viewer,
  event: CommentFeedEvent,
  mask: Mask,
): Promise<Payload> {
  const context = args.contextValue as Context
  const deadline = performance.now() + EXECUTION_TIMEOUT_MS
  const run = async () => {
    const { data, errors } = await executeSubscriptionEvent({
      ...args,
      // The first subscriber's leaving is nothing to the others.
      externalAbortSignal: undefined,
      contextValue: {
        ...context,
        viewer,
        db: context.prisma,
        history: context.commentFeeds.history,
      } satisfies Context,
      rootValue: event,
    })
    const masked = errors?.map(mask)
    if (masked?.some(({ extensions }) => SERVER_ERROR_CODES.has(extensions.code))) {
      throw new Error('an event of a comment feed could not be executeEvent')
    }
    return formatted({ data, errors: masked })
  }
  // Each failure is written down where it is masked.
  const result = await retryUntilCancelled(
    run,
    () => {},
    () => performance.now() > deadline,
  )
  return new Payload(result ?? (await run()), event.cursor)
}

function formatted({ data, errors }: ExecutionResult): { data?: unknown; errors?: GraphQLFormattedError[] } {
  return errors ? { errors: errors.map((error) => error.toJSON()), data } : { data }
}
