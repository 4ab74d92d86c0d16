import type { IncomingMessage, ServerResponse } from 'node:http'
import { Lazy } from '../../base/coalesce.ts'
import type { Config } from '../../config/config.ts'
import type { Services } from '../../graphql/context.ts'
import { IMMUTABLE, sendAsset } from '../../http/asset.ts'
import type { GraphQLHandler } from '../../http/graphql/handler.ts'
import { redirect, respond, respondText } from '../../http/respond.ts'
import { createRouter, type Handler } from '../../http/router.ts'
import { type Bundles, openBundles } from '../build/bundles.ts'
import { SIGN_IN_PATH } from '../pages/site.ts'
import { deskPage } from './desk.ts'
import { type PagesDeps, servePages } from './pages.ts'
import { documentRunner } from './run-document.ts'
import { serveSampleIdentities } from './sample-identities.ts'
import { signInPage } from './sign-in-page.ts'

/** The paths of the reader's pages. */
const PAGE_PATHS = ['/', '/stories/*', '/topics/*', '/people/*', '/organisations/*', '/search'] as const

/** All paths of the screens. */
export const WEB_PATHS = [
  ...PAGE_PATHS,
  SIGN_IN_PATH,
  '/desk',
  '/desk/*',
  '/widget.js',
  '/assets/*',
  '/sample-identities',
] as const

export interface WebHandlerDeps extends Pick<PagesDeps, 'config' | 'readCache' | 'log'> {
  graphqlHandler: GraphQLHandler
  services: Services
}

export interface WebHandler {
  handle: Handler
  /** The page for a path that does not exist; null if the reader's pages are off. */
  notFound: Handler | null
  /** Makes the bundles, so that the first request need not wait for them. */
  prepare(): Promise<void>
}

/** Serves the reader's pages, the widget and the desk. */
export function createWebHandler(deps: WebHandlerDeps): WebHandler {
  const { config } = deps
  const bundles = new Lazy(openBundles)
  const base = basePath(config)
  const pages = config.pages ? withBundles(servePages({ ...deps, base, run: documentRunner(deps) })) : null
  const handle = createRouter(
    [
      { paths: ['/assets/*'], methods: READ, handle: withBundles(sendBundledAsset) },
      { paths: ['/widget.js'], methods: READ, handle: withBundles(sendWidget) },
      { paths: ['/desk', '/desk/*'], methods: READ, handle: withBundles(deskPage(config, base)) },
      { paths: ['/sample-identities'], methods: READ, handle: serveSampleIdentities(config) },
      pages
        ? { paths: PAGE_PATHS, methods: READ, handle: pages }
        : {
            paths: ['/'],
            methods: READ,
            handle: (_request, response) => redirect(response, 302, `${base}/desk`),
          },
      ...(config.pages && config.signIn
        ? [{ paths: [SIGN_IN_PATH], methods: READ, handle: withBundles(signInPage({ ...deps, base })) }]
        : []),
    ],
    'This page does not exist.',
  )
  return {
    handle,
    notFound: pages,
    async prepare() {
      await bundles.get()
    },
  }

  function withBundles(
    next: (bundles: Bundles, request: IncomingMessage, response: ServerResponse, path: string) => unknown,
  ): Handler {
    return async (request, response, path) => next(await bundles.get(), request, response, path)
  }
}

const READ = ['GET']

/** How long browsers use the widget without asking for a newer one, in seconds. */
const WIDGET_MAX_AGE_SECONDS = 300

/** The path under which a proxy serves this gateway, without a trailing slash. */
export function basePath({ publicUrl }: Config): string {
  return new URL(publicUrl).pathname.replace(/\/$/, '')
}

async function sendBundledAsset(
  bundles: Bundles,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const asset = await bundles.asset(path)
  if (!asset) return respondText(response, 404, 'This file does not exist.', { 'cache-control': 'no-store' })
  sendAsset(asset, request, response, { ...FOR_ANY_SITE, 'cache-control': IMMUTABLE })
}

/**
 * Sends the module that loads the widget. Sites refer to it by this address, which stays the same; the file itself has
 * another address in each version.
 */
async function sendWidget(
  { addresses }: Bundles,
  _request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  respond(response, 200, {
    type: 'text/javascript; charset=utf-8',
    body: `import ".${addresses['widget.js']}"\n`,
    headers: { ...FOR_ANY_SITE, 'cache-control': `public, max-age=${WIDGET_MAX_AGE_SECONDS}` },
  })
}

/** The pages of any site may load the file: browsers load modules with CORS. */
const FOR_ANY_SITE = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' }
