import type { IncomingMessage, ServerResponse } from 'node:http'
import { respondHtml } from '../../http/respond.ts'
import type { Bundles } from '../build/bundles.ts'
import { pageHeaders, signInOrigins } from './headers.ts'
import { preferredLanguage } from './page-language.ts'
import { type SiteDeps, siteOf } from './site.ts'

/** Sends the page to which the identity provider returns readers. Its address contains a code: it is never stored. */
export function signInPage(deps: SiteDeps) {
  return (bundles: Bundles, request: IncomingMessage, response: ServerResponse): void => {
    const { pages } = bundles
    const words = pages.wordsOf(preferredLanguage(request.headers['accept-language']))
    respondHtml(response, pages.signIn({ site: siteOf(bundles, deps), words }), {
      ...pageHeaders({ connect: signInOrigins(deps.config) }),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    })
  }
}
