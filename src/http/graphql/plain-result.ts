import type { ExecutionResult } from 'graphql'
import { processRegularResult } from 'graphql-yoga'
import { limitResult } from '../../graphql/error-limit.ts'
import { withUnavailableStatus } from './unavailable-results.ts'

/** A response of an executed request. */
export interface PlainResult {
  status: number
  type: string
  body: string
  headers: Record<string, string>
  /** Whether the result has no errors. */
  isComplete: boolean
}

/** The response to a request, as Yoga makes it. */
export function plainResult(result: ExecutionResult, mediaType: string): PlainResult {
  const shown = limitResult(withUnavailableStatus(result))
  const { body, init } = processRegularResult(shown, RESPONSES, mediaType) as unknown as PlainResponse
  const { 'Content-Type': type = mediaType, ...headers } = init.headers
  return { status: init.status, type, body, headers, isComplete: shown.errors === undefined }
}

/** What Yoga makes of a result, without a Response of the Fetch API. */
class PlainResponse {
  readonly body: string
  readonly init: { status: number; headers: Record<string, string> }

  constructor(body: string, init: PlainResponse['init']) {
    this.body = body
    this.init = init
  }
}

const RESPONSES = { Response: PlainResponse } as unknown as Parameters<typeof processRegularResult>[1]
