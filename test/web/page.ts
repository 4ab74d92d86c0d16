import { once } from 'node:events'
import { type IncomingHttpHeaders, request } from 'node:http'
import { parseHTML } from 'linkedom'
import type { TestApp } from '../support/app.ts'

/** A page as a browser without JavaScript gets it. */
export interface ReadPage {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
  html: string
  document: Document
}

/** The part of the DOM that tests use: linkedom declares the types of browsers. */
export interface Element {
  textContent: string | null
  innerHTML: string
  getAttribute(name: string): string | null
  querySelector(selector: string): Element | null
  querySelectorAll(selector: string): Iterable<Element>
  closest(selector: string): Element | null
}

export type Document = Pick<Element, 'querySelector' | 'querySelectorAll'> & { documentElement: Element }

/** Reads a page, without the decompression that fetch does by itself. */
export async function readPage(
  { url }: Pick<TestApp, 'url'>,
  path: string,
  { headers = {}, method = 'GET' }: { headers?: Record<string, string>; method?: string } = {},
): Promise<ReadPage> {
  const [answer] = await once(request(new URL(path, url), { headers, method }).end(), 'response')
  const body = Buffer.concat(await answer.toArray())
  const html = answer.headers['content-encoding'] ? '' : String(body)
  const { document } = parseHTML(html || '<html></html>') as unknown as { document: Document }
  return { status: answer.statusCode, headers: answer.headers, body, html, document }
}

/** The text of each element that a selector finds. */
export function textsOf(document: Pick<Element, 'querySelectorAll'>, selector: string): string[] {
  return [...document.querySelectorAll(selector)].map(({ textContent }) =>
    (textContent ?? '').replace(/\s+/g, ' ').trim(),
  )
}

/** An attribute of each element that a selector finds. */
export function attributesOf(
  document: Pick<Element, 'querySelectorAll'>,
  selector: string,
  name: string,
): (string | null)[] {
  return [...document.querySelectorAll(selector)].map((element) => element.getAttribute(name))
}
