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
import { SERVER_ERROR_CODES } from '../base/error-codes.ts'
import { TemporarilyUnavailable } from '../base/errors.ts'
import type { Audience } from '../comment-feed/audience.ts'
import { Payload, type Sink } from '../comment-feed/payload.ts'
import { PayloadQueue } from '../comment-feed/queue.ts'
import { retryUntilCancelled } from '../comment-feed/retry.ts'
import { SharedSource } from '../comment-feed/shared-source.ts'
import type { Context } from './context.ts'
import { limitErrors } from './error-limit.ts'
import { isCanonicalId } from './ids.ts'
import { selectionOf } from './selection.ts'

/** Masks an error for clients, as for all other operations. */
export type Mask = (error: unknown) => GraphQLError

/**
 * A subscription whose results are shared with other subscribers. Transports send them to a sink; iterated,
 * it is an ordinary stream of results.
 */
export class SharedSubscription implements AsyncIterableIterator<ExecutionResult, undefined> {
  readonly #source: SharedSource<object>
  readonly #audience: Audience<object>
  #queue: PayloadQueue | null = null

  constructor(source: SharedSource<object>, audience: Audience<object>) {
    this.#source = source
    this.#audience = audience
  }

  /** Sends all results to a sink. Returns a function that stops it. */
  deliver(sink: Sink): () => void {
    return this.#source.deliver(this.#audience, sink)
  }

  /** Ends the subscription before it has started. */
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
 * Subscribes as graphql-js does. For a shared source it returns a SharedSubscription instead of executing each event
 * for this subscriber alone. Errors are returned as the result.
 */
export async function subscribeShared(
  args: ExecutionArgs,
  mask: Mask,
): Promise<SharedSubscription | AsyncGenerator<ExecutionResult, void, void> | ExecutionResult> {
  const validated = validateSubscriptionArgs(args)
  if (!('schema' in validated)) return { errors: validated }
  const stream = await createSourceEventStream(validated)
  if (!isStream(stream)) return stream
  if (!(stream instanceof SharedSource)) return mapSourceToResponseEvent(validated, stream)
  const { viewer } = args.contextValue as Context
  const selection = selectionOf(args.schema, args.document, args.operationName ?? null)
  const effectiveViewer = stream.isPublic
    ? anonymous
    : selection.dependsOnViewer
      ? viewer
      : sharedViewer(viewer)
  const given = args.variableValues ?? {}
  const variables = selection.variables.filter((name) => name in given).map((name) => [name, given[name]])
  const key = JSON.stringify([
    selection.id,
    args.operationName,
    effectiveViewer.role,
    effectiveViewer.subject,
    variables,
  ])
  const audience: Audience<object> = {
    key,
    execute: (event) => executeEvent(validated, effectiveViewer, event, mask),
    isCacheable: selection.staysWithinArticle,
    isUnshared: effectiveViewer.subject !== null,
    reader: effectiveViewer.subject,
    isKnownDocument: selection.isKnownDocument,
    // An id can be written in many ways, and each would make another audience.
    isAlwaysAdmitted: selection.isKnownDocument && variables.every(([, value]) => isCanonicalId(value)),
  }
  if (!stream.admit(audience)) return { errors: [mask(new TemporarilyUnavailable(TOO_MANY_SELECTIONS))] }
  return new SharedSubscription(stream, audience)
}

const TOO_MANY_SELECTIONS =
  'You have subscribed with too many different documents or variables. Use the document and variables of your other ' +
  'subscriptions, or a document of schema/operations.'

function isStream(source: AsyncIterable<unknown> | ExecutionResult): source is AsyncIterable<unknown> {
  return Symbol.asyncIterator in source
}

/** A viewer with the same role and without a subject, for all viewers with the same rights. */
function sharedViewer(viewer: Viewer): Viewer {
  const role = hasRole(viewer, 'moderator') ? viewer.role : 'anonymous'
  return { ...anonymous, role }
}

/** How long an event waits for an unavailable database before its execution fails, in ms. */
const EXECUTION_TIMEOUT_MS = 30_000

/**
 * Executes the operation for one event. While the database is unavailable it retries; after the timeout it
 * throws, so that the event is not delivered with missing data.
 */
async function executeEvent(
  args: ValidatedSubscriptionArgs,
  viewer: Viewer,
  event: object,
  mask: Mask,
): Promise<Payload> {
  const context = args.contextValue as Context
  const deadline = performance.now() + EXECUTION_TIMEOUT_MS
  const run = async () => {
    const { data, errors } = await executeSubscriptionEvent({
      ...args,
      // Without the first subscriber's abort signal: its end must not affect the others.
      externalAbortSignal: undefined,
      contextValue: {
        ...context,
        viewer,
        db: context.reads,
        history: context.commentFeeds.history,
      } satisfies Context,
      rootValue: event,
    })
    const masked = errors && limitErrors(errors.map(mask))
    if (masked?.some(({ extensions }) => SERVER_ERROR_CODES.has(extensions.code))) {
      throw new Error('an event of a subscription could not be executed')
    }
    return formatted({ data, errors: masked })
  }
  // Failures are logged where they are masked.
  const result = await retryUntilCancelled(
    run,
    () => {},
    () => performance.now() > deadline,
  )
  return new Payload(result ?? (await run()), 'cursor' in event ? (event.cursor as string) : null)
}

function formatted({ data, errors }: ExecutionResult): { data?: unknown; errors?: GraphQLFormattedError[] } {
  return errors ? { errors: errors.map((error) => error.toJSON()), data } : { data }
}
