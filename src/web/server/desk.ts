import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Config } from '../../config/config.ts'
import { respondHtml } from '../../http/respond.ts'
import { escapeHtml, scriptJson } from '../../text/html.ts'
import type { Bundles } from '../build/bundles.ts'
import type { DeskSettings } from '../desk/settings.ts'
import { pageHeaders, signInOrigins } from './headers.ts'

/** Sends the page of the desk: one for all paths below /desk. */
export function deskPage(config: Config, base: string) {
  const settings: DeskSettings = {
    base,
    outlet: config.outlet,
    hasPages: config.pages,
    hasSampleIdentities: config.auth.kind === 'development',
    oidc: config.signIn,
  }
  const connect = signInOrigins(config)
  return ({ addresses }: Bundles, _request: IncomingMessage, response: ServerResponse): void => {
    const styleNonce = randomBytes(16).toString('base64')
    const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex">
    <meta property="csp-nonce" nonce="${styleNonce}">
    <title>${escapeHtml(config.outlet)}</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${base}${addresses['desk.css']}">
  </head>
  <body>
    <div id="desk"></div>
    <noscript>The desk needs JavaScript.</noscript>
    <script type="application/json" id="settings">${scriptJson(settings)}</script>
    <script type="module" src="${base}${addresses['desk.js']}"></script>
  </body>
</html>
`
    respondHtml(response, page, { ...pageHeaders({ connect, styleNonce }), 'cache-control': 'no-store' })
  }
}
