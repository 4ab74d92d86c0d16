import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { Config } from '../config/config.ts'
import { type Handler, listen } from './server.ts'

type Metrics = () => Promise<{ type: string; body: string }>

/** Serves /metrics on the main port, to those who may read it. */
export function openMetrics({ metrics }: Pick<Config, 'metrics'>, read: Metrics): Handler {
  return (request, response) => {
    if (metrics.access === 'closed') {
      return refuse(
        response,
        404,
        'Metrics are disabled in production. Set METRICS_TOKEN or METRICS_PORT to read them.',
      )
    }
    if (metrics.access === 'token' && !isBearer(request.headers.authorization, metrics.token)) {
      response.setHeader('www-authenticate', 'Bearer')
      return refuse(response, 401, 'Send METRICS_TOKEN as "Authorization: Bearer …".')
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
  const server = createServer((request, response) => {
    const isMetrics = request.url?.split('?', 1)[0] === '/metrics'
    if (!isMetrics) return refuse(response, 404, 'This port serves only /metrics.')
    send(response, read).catch(() => response.destroy())
  })
  await listen(server, { host, port: metricsPort }, 'METRICS_PORT')
  return async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

async function send(response: ServerResponse, read: Metrics): Promise<void> {
  const { type, body } = await read()
  response.writeHead(200, { 'content-type': type }).end(body)
}

function refuse(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${words}\n`)
}

/** Compares digests, in a time that does not depend on where they differ. */
function isBearer(authorization: string | undefined, token: string): boolean {
  const sent = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? ''
  return timingSafeEqual(digest(sent), digest(token))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
