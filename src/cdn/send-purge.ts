import { randomUUID } from 'node:crypto'
import type { PurgeConfig } from '../config/cdn.ts'
import type { OutboundResponse, SendRequest } from '../net/outbound-http.ts'
import { signatures } from '../webhooks/signature.ts'

/** A message with its content, which is the same for each attempt. */
export interface PurgeMessage {
  id: string
  body: string
}

export function purgeMessage(keys: readonly string[], at: Date): PurgeMessage {
  const body = JSON.stringify({ type: 'cdn.purge', timestamp: at.toISOString(), data: { keys } })
  return { id: `msg_${randomUUID().replaceAll('-', '')}`, body }
}

/** Makes one attempt. @throws Error without an answer */
export function sendPurge(
  { id, body }: PurgeMessage,
  { url, secrets }: PurgeConfig,
  { at, sendRequest, signal }: { at: Date; sendRequest: SendRequest; signal: AbortSignal },
): Promise<OutboundResponse> {
  const timestamp = Math.floor(at.getTime() / 1_000)
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures({ id, timestamp, body }, secrets),
  }
  return sendRequest({ method: 'POST', url, headers, body, signal })
}
