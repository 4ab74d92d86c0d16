import { hash } from 'node:crypto'
import type { RenderedFeed } from '../../src/feeds/render-feed.ts'
import type { Answer, Letter, SendRequest } from '../../src/net/outbound-http.ts'
import type { Handed } from '../../src/syndication/ledger.ts'

// What stands in for feeds and for the Internet where the hub's parts are tested one by one.

export const PUBLIC = 'https://news.example'
export const TOPIC = `${PUBLIC}/feeds/atom.xml`

/** A feed with some words, as it would have been rendered. */
export function feedOf(words: string, topic = TOPIC, handed: readonly Handed[] = []): RenderedFeed {
  return {
    body: Buffer.from(words),
    type: 'application/atom+xml; charset=utf-8',
    etag: '""',
    handed,
    links: { self: topic, hub: `${PUBLIC}/websub` },
    head: 2_147_483_647,
    modified: new Date(0),
  }
}

export const digest = (words: string) => hash('sha256', words)

export type Answering = (letter: Letter) => Partial<Answer> | Error | Promise<Partial<Answer>>

/** Takes down what is sent, and answers as it is told; a failure is thrown. */
export function network(answer: Answering = () => ({})) {
  const letters: Letter[] = []
  const dial: SendRequest = async (letter) => {
    letters.push(letter)
    const said = await answer(letter)
    if (said instanceof Error) throw said
    return { status: 204, headers: {}, body: '', ...said }
  }
  return { letters, dial }
}

export function fieldsOf({ url }: Letter): Record<string, string> {
  return Object.fromEntries(new URL(url).searchParams)
}
