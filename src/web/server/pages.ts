import type { IncomingMessage, ServerResponse } from 'node:http'
import { RETRY_AFTER_HEADER } from '../../base/transient-errors.ts'
import { respond } from '../../http/respond.ts'
import type { Bundles } from '../build/bundles.ts'
import type { Problem } from '../pages/message.tsx'
import type { Language } from '../texts/languages.ts'
import { pageHeaders, signInOrigins } from './headers.ts'
import { KeptPages, type PageKey, type ReadCache } from './kept-pages.ts'
import { loadPage } from './load-page.ts'
import { type PageAddress, readPageAddress, writePageAddress } from './page-address.ts'
import { preferredLanguage } from './page-language.ts'
import { DocumentError, type RunDocument } from './run-document.ts'
import { type SiteDeps, siteOf } from './site.ts'

export interface PagesDeps extends SiteDeps {
  run: RunDocument
  readCache: ReadCache
  /** Logs unexpected errors. */
  log: { error(details: object, message: string): void }
}

/**
 * Sends the reader's pages. They are always those of the anonymous audience: cookies and the Authorization header are
 * ignored.
 */
export function servePages({ run, readCache, log, ...deps }: PagesDeps) {
  const kept = new KeptPages(readCache)
  const connect = signInOrigins(deps.config)
  return async (bundles: Bundles, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const address = readPageAddress(request.url ?? '/')
    const preferred = preferredLanguage(request.headers['accept-language'])
    const refuse = (problem: Problem) => {
      const { pages } = bundles
      const html = pages.message({ problem, site: siteOf(bundles, deps), words: pages.wordsOf(preferred) })
      sendProblem(response, problem, html, preferred)
    }
    if (typeof address === 'string') return refuse(address)
    const language = languageOf(address, preferred)
    const key = keyOf(address, language)
    if (kept.answer(key, request, response)) return
    try {
      await kept.make(key, request, response, async (reads) => {
        const site = siteOf(bundles, deps)
        const page = await loadPage({ address, language, site, pages: bundles.pages, run, reads })
        if (!page) throw new NoSuchPage()
        const headers = headersOf(page.language, address.kind === 'story' ? connect : [])
        return { type: HTML, body: Buffer.from(page.html), headers }
      })
    } catch (error) {
      refuse(problemOf(error, log))
    }
  }
}

class NoSuchPage extends Error {}

const HTML = 'text/html; charset=utf-8'

function languageOf(address: PageAddress, preferred: Language): Language {
  return address.kind === 'list' ? (address.language ?? preferred) : preferred
}

/** A list depends on the language of the client unless its address names one; a story has its own. */
function keyOf(address: PageAddress, language: Language): PageKey {
  const text = writePageAddress(address)
  if (address.kind === 'story') return { text, vary: 'accept-encoding' }
  return { text: `${language} ${text}`, vary: 'accept-encoding, accept-language' }
}

/** The headers of every page. Articles have addresses of images on other hosts. */
function headersOf(language: Language, connect: readonly string[] = []): Record<string, string> {
  const headers = pageHeaders({ hasImages: true, connect }) as Record<string, string>
  return { ...headers, 'content-language': language }
}

const STATUS: Readonly<Record<Problem, number>> = {
  badAddress: 400,
  longSearch: 400,
  notFound: 404,
  failed: 500,
  unavailable: 503,
}

function problemOf(error: unknown, log: PagesDeps['log']): Problem {
  if (error instanceof NoSuchPage) return 'notFound'
  if (!(error instanceof DocumentError)) {
    log.error({ err: error }, 'a page could not be rendered')
    return 'failed'
  }
  // The API has logged all others.
  if (error.code === 'INVALID_INPUT') return 'badAddress'
  return error.code === 'TEMPORARILY_UNAVAILABLE' ? 'unavailable' : 'failed'
}

function sendProblem(response: ServerResponse, problem: Problem, html: string, language: Language): void {
  const status = STATUS[problem]
  respond(response, status, {
    type: HTML,
    body: html,
    headers: {
      ...headersOf(language),
      // The page may exist in a moment.
      'cache-control': 'no-store',
      ...(status === 503 && RETRY_AFTER_HEADER),
    },
  })
}
