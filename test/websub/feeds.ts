import { hash } from 'node:crypto'
import type { RenderedFeed } from '../../src/feeds/render-feed.ts'
import type { OutboundRequest, OutboundResponse, SendRequest } from '../../src/net/outbound-http.ts'
import type { DeliveryRecord } from '../../src/syndication/ledger.ts'

// What stands in for feeds and for the Internet where the hub's parts are tested one by one.

export const PUBLIC = 'https://news.example'
export const TOPIC = `${PUBLIC}/feeds/atom.xml`

/** A feed with some words, as it would have been rendered. */
export function feedOf(
  words: string,
  topic = TOPIC,
  deliveries: readonly DeliveryRecord[] = [],
): RenderedFeed {
  return {
    body: Buffer.from(words),
    type: 'application/atom+xml; charset=utf-8',
    etag: '""',
    deliveries,
    links: { self: topic, hub: `${PUBLIC}/websub` },
    head: 2_147_483_647,
    modified: new Date(0),
    until: null,
  }
}

export const digest = (words: string) => hash('sha256', words)

export type Answering = (
  letter: OutboundRequest,
) => Partial<OutboundResponse> | Error | Promise<Partial<OutboundResponse>>

/** Takes down what is sent, and answers as it is told; a failure is thrown. */
export function network(answer: Answering = () => ({})) {
  const letters: OutboundRequest[] = []
  const sendRequest: SendRequest = async (letter) => {
    letters.push(letter)
    const said = await answer(letter)
    if (said instanceof Error) throw said
    return { status: 204, headers: {}, body: '', ...said }
  }
  return { letters, sendRequest }
}

export function fieldsOf({ url }: OutboundRequest): Record<string, string> {
  return Object.fromEntries(new URL(url).searchParams)
}
