import type { Page } from 'playwright-core'
import { test as always, expect } from 'vitest'
import { freshApp } from '../support/app.ts'
import { openBrowser, runsBrowserOnce } from '../support/browser.ts'
import { AUDIENCE, type IdentityProvider, startIdentityProvider } from '../support/identity-provider.ts'
import { addArticle } from '../support/newsroom.ts'
import { readPage } from './page.ts'

const test = always.skipIf(!runsBrowserOnce)

/** A gateway in production whose readers have accounts at a provider, and the page of a story. */
async function withProvider(provider: IdentityProvider) {
  const app = await freshApp({
    env: {
      AUTH_JWKS_URL: `${provider.issuer}/jwks`,
      AUTH_ISSUER: provider.issuer,
      AUTH_AUDIENCE: AUDIENCE,
      OIDC_CLIENT_ID: 'desk',
      PAGES: 'on',
    },
  })
  provider.admit(new URL('/desk', app.url).href)
  const { slug } = await addArticle(app.database.prisma)
  const windows = await openBrowser(app.url, provider.issuer)
  return {
    app,
    windows,
    story: new URL(`/stories/${slug}`, app.url).href,
    async [Symbol.asyncDispose]() {
      await windows[Symbol.asyncDispose]()
      await app[Symbol.asyncDispose]()
    },
  }
}

async function signInAt(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.locator('[name=login]').fill('nadia')
  await page.locator('[name=password]').fill('any')
  await page.locator('[type=submit]').click()
  await page.getByRole('button', { name: 'Continue' }).click()
}

test('a reader signs in at the provider, returns to the story, and comments; a reload keeps the sign-in', async () => {
  await using provider = await startIdentityProvider({ role: 'reader' })
  await using scene = await withProvider(provider)
  const page = await scene.windows.open(scene.story)
  await signInAt(page)
  await page.waitForURL(`${scene.story}#comments`)
  await page.getByLabel('Your comment').fill('Written after a sign-in')
  await page.reload()
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await page.getByText('Waiting for a moderator').waitFor()
  expect(provider.grants).toEqual(['authorization_code'])
  // The pages of the provider of the test complain about other things.
  expect(scene.windows.complaints.filter((text) => /policy|error:/i.test(text))).toEqual([])
})

test('a reader who cancels at the provider returns to the story', async () => {
  await using provider = await startIdentityProvider({ role: 'reader' })
  await using scene = await withProvider(provider)
  const page = await scene.windows.open(scene.story)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Cancel' }).click()
  await page.getByText('The sign-in was canceled.').waitFor()
  expect(page.url()).toBe(new URL('/sign-in', scene.app.url).href)
  await page.getByRole('link', { name: 'Back to the story' }).click()
  await page.waitForURL(`${scene.story}#comments`)
})

test('an answer that was not asked for in this window is refused', async () => {
  await using provider = await startIdentityProvider()
  await using scene = await withProvider(provider)
  const page = await scene.windows.open(new URL('/sign-in?code=stolen&state=another', scene.app.url).href)
  await page.getByText('This sign-in was not started in this window').waitFor()
  expect(page.url()).toBe(new URL('/sign-in', scene.app.url).href)
  expect(provider.grants).toEqual([])
})

test('without a provider, the comments of a story are read only, and offer no sign-in', async () => {
  await using app = await freshApp({
    env: {
      AUTH_SECRET: 'a secret of more than thirty-two bytes',
      AUTH_ISSUER: 'news',
      AUTH_AUDIENCE: 'news',
      PAGES: 'on',
    },
  })
  const { slug } = await addArticle(app.database.prisma)
  await using windows = await openBrowser(app.url)
  const page = await windows.open(new URL(`/stories/${slug}`, app.url).href)
  await page.getByText('Comments can only be read here.').waitFor()
  expect(await page.getByRole('button', { name: 'Sign in' }).count()).toBe(0)
  expect((await readPage(app, '/sign-in')).status).toBe(404)
})

always('only a story and the page after a sign-in may ask the provider', async () => {
  await using app = await freshApp({
    env: {
      AUTH_JWKS_URL: 'https://id.example/jwks',
      AUTH_ISSUER: 'https://id.example/news',
      AUTH_AUDIENCE: AUDIENCE,
      OIDC_CLIENT_ID: 'desk',
      PAGES: 'on',
    },
  })
  const { slug } = await addArticle(app.database.prisma)
  const policyOf = async (path: string) =>
    String((await readPage(app, path)).headers['content-security-policy'])
  expect(await policyOf('/')).toContain("connect-src 'self';")
  expect(await policyOf(`/stories/${slug}`)).toContain("connect-src 'self' https://id.example;")
  expect(await policyOf('/sign-in')).toContain("connect-src 'self' https://id.example;")
  expect((await readPage(app, '/sign-in')).headers['cache-control']).toBe('no-store')
})
