import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { Config } from '../config/config.ts'
import { respond, respondText } from './respond.ts'
import { createRouter, type Handler, pathOf } from './router.ts'
import { listen } from './server.ts'

type Metrics = () => Promise<{ type: string; body: string }>

/** Serves /metrics on the main port, to those who may read it. */
export function openMetrics({ metrics }: Pick<Config, 'metrics'>, read: Metrics): Handler {
  return (request, response) => {
    if (metrics.access === 'closed') {
      const text = 'Metrics are disabled in production. Set METRICS_TOKEN or METRICS_PORT to read them.'
      return respondText(response, 404, text)
    }
    if (metrics.access === 'token' && !isBearer(request.headers.authorization, metrics.token)) {
      const text = 'Send METRICS_TOKEN as "Authorization: Bearer …".'
      return respondText(response, 401, text, { 'www-authenticate': 'Bearer' })
    }
    return send(response, read)
  }
}

/**
 * Serves /metrics on METRICS_PORT, to everybody who can connect.
 * @returns a function that stops the server
 * @throws SetupError when the port can't be used
 */
export async function listenForMetrics(
  { metricsPort, host }: Pick<Config, 'metricsPort' | 'host'>,
  read: Metrics,
): Promise<() => Promise<void>> {
  if (metricsPort === null) return async () => {}
  const handle: Handler = (_request, response) => send(response, read).catch(() => response.destroy())
  const route = createRouter([{ paths: ['/metrics'], handle }], 'This port serves only /metrics.')
  const server = createServer((request, response) => route(request, response, pathOf(request)))
  await listen(server, { host, port: metricsPort }, 'METRICS_PORT')
  return async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

async function send(response: ServerResponse, read: Metrics): Promise<void> {
  const { type, body } = await read()
  respond(response, 200, { type, body })
}

/** Compares digests, in a time that does not depend on where they differ. */
function isBearer(authorization: string | undefined, token: string): boolean {
  const sent = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? ''
  return timingSafeEqual(digest(sent), digest(token))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
