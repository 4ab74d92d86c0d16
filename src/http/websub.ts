import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clients } from '../auth/clients.ts'
import { DomainError, Forbidden, NotSignedIn } from '../base/errors.ts'
import type { Push } from '../push/open.ts'
import { readForm } from './read-form.ts'
import { respondText } from './respond.ts'
import { statusOf } from './status.ts'

/** Handles subscription requests: 202 if the callback will be verified, an error with the reason otherwise. */
export function serveWebSub({ hub }: Pick<Push, 'hub'>, clients: Clients) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      await hub.accept(clients.networkOf(request), () => readForm(request))
      respondText(response, 202, 'Accepted. The hub will verify your callback.')
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      // What is left of a body that was not read to its end would be taken for the next request.
      if (!request.complete) response.setHeader('connection', 'close')
      // The key is in the topic: signing in would not help.
      const { status, headers } = statusOf(
        error instanceof NotSignedIn ? new Forbidden(error.message) : error,
      )
      respondText(response, status, error.message, headers)
    }
  }
}
