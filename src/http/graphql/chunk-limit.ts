import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { iterableBody } from '../iterable-body.ts'

/**
 * The most chunks of a body without Content-Length. 100 KiB arrive in about 70 packets; a body sent byte by
 * byte costs more than a thousand others.
 */
const MAX_CHUNKS = 4_000

/** Refuses a request whose body arrives in too many chunks. */
export function useChunkLimit(): Plugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser, fetchAPI }) {
      const { body } = request
      if (!requestParser || !body || request.headers.get('content-length') !== null) return
      setRequestParser(({ url, method, headers, signal }) =>
        requestParser(
          new fetchAPI.Request(url, {
            method,
            headers,
            signal,
            body: iterableBody(counted(body)),
            duplex: 'half',
          } as RequestInit),
        ),
      )
    },
  }
}

async function* counted(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let chunks = 0
  for await (const chunk of body) {
    chunks += 1
    if (chunks > MAX_CHUNKS) {
      throw new GraphQLError('The request body arrives in too many chunks. Send a Content-Length header.', {
        extensions: { code: 'REQUEST_ENTITY_TOO_LARGE', http: { status: 413 } },
      })
    }
    yield chunk
  }
}
