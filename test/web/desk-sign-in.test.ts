import type { Page } from 'playwright-core'
import { test as always, expect } from 'vitest'
import { freshApp } from '../support/app.ts'
import { openBrowser, runsBrowserOnce } from '../support/browser.ts'
import { AUDIENCE, type IdentityProvider, startIdentityProvider } from '../support/identity-provider.ts'

const test = always.skipIf(!runsBrowserOnce)

/** A gateway whose tokens come from a provider, and a browser. */
async function withProvider(provider: IdentityProvider) {
  const app = await freshApp({
    env: {
      AUTH_JWKS_URL: `${provider.issuer}/jwks`,
      AUTH_ISSUER: provider.issuer,
      AUTH_AUDIENCE: AUDIENCE,
      OIDC_CLIENT_ID: 'desk',
    },
  })
  const desk = new URL('/desk', app.url).href
  provider.admit(desk)
  const windows = await openBrowser(app.url, provider.issuer)
  return {
    app,
    desk,
    windows,
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

test('a moderator signs in at the provider, stays signed in after a reload, and signs out', async () => {
  await using provider = await startIdentityProvider()
  await using scene = await withProvider(provider)
  const page = await scene.windows.open(`${scene.desk}?language=tr`)
  await signInAt(page)
  await page.getByText('Nadia from the provider').waitFor()
  expect(page.url()).toBe(`${scene.desk}?language=tr`)
  await page.reload()
  await page.getByText('Nadia from the provider').waitFor()
  expect(provider.grants).toEqual(['authorization_code'])
  const leaving = page.waitForRequest((request) => request.isNavigationRequest())
  await page.getByRole('button', { name: 'Sign out' }).click()
  expect(new URL((await leaving).url()).searchParams.has('id_token_hint')).toBe(false)
  await page.waitForURL((url) => url.origin === provider.issuer)
  await page.getByRole('button', { name: 'Yes, sign me out' }).click()
  await page.waitForURL(scene.desk)
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  expect(await page.evaluate(() => ({ ...sessionStorage }))).toEqual({})
})

test('a user who cancels at the provider is told so, and can sign in again', async () => {
  await using provider = await startIdentityProvider()
  await using scene = await withProvider(provider)
  const page = await scene.windows.open(scene.desk)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Cancel' }).click()
  await page.getByText('The sign-in was canceled at the provider').waitFor()
  expect(page.url()).toBe(`${scene.desk}/sign-in`)
  await signInAt(page)
  await page.getByText('Nadia from the provider').waitFor()
})

test('an answer with another state is refused, and asks the provider nothing', async () => {
  await using provider = await startIdentityProvider()
  await using scene = await withProvider(provider)
  const page = await scene.windows.open(`${scene.desk}/sign-in?code=stolen&state=another`)
  await page.getByText('This sign-in was not started in this window').waitFor()
  expect([...scene.windows.hosts]).toEqual([new URL(scene.desk).host])
  expect(page.url()).toBe(`${scene.desk}/sign-in`)
})

test('an expired code is refused with what to do', async () => {
  await using provider = await startIdentityProvider({ hasExpiredCodes: true })
  await using scene = await withProvider(provider)
  const page = await scene.windows.open(scene.desk)
  await signInAt(page)
  await page.getByText('The identity provider refused the sign-in.').waitFor()
  expect(provider.grants).toEqual([])
})

test('a token is renewed with a refresh token before it expires', async () => {
  await using provider = await startIdentityProvider({ tokenSeconds: 8, hasRefreshTokens: true })
  await using scene = await withProvider(provider)
  const page = await scene.windows.open(scene.desk)
  await signInAt(page)
  await page.getByText('Nadia from the provider').waitFor()
  await expect.poll(() => provider.grants, { timeout: 30_000 }).toContain('refresh_token')
  await page.getByText('No comment waits', { exact: true }).waitFor()
})

test('a provider that is out of order for a moment does not sign the user out', async () => {
  await using provider = await startIdentityProvider({ tokenSeconds: 14, hasRefreshTokens: true })
  await using scene = await withProvider(provider)
  const page = await scene.windows.open(scene.desk)
  await signInAt(page)
  await page.getByText('Nadia from the provider').waitFor()
  let failures = 0
  await page.route(`${provider.issuer}/token`, (route) => {
    failures += 1
    if (failures > 1) return route.fallback()
    return route.fulfill({ status: 503, headers: { 'access-control-allow-origin': '*' }, body: 'Later' })
  })
  await expect.poll(() => provider.grants, { timeout: 30_000 }).toContain('refresh_token')
  await page.getByText('Nadia from the provider').waitFor()
})

test('after a token expired, a new sign-in continues at the same place', async () => {
  await using provider = await startIdentityProvider({ tokenSeconds: 3 })
  await using scene = await withProvider(provider)
  const page = await scene.windows.open(`${scene.desk}?text=bridge`)
  await signInAt(page)
  await page.getByText('Your sign-in has expired.').waitFor()
  expect(page.url()).toBe(`${scene.desk}?text=bridge`)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect.poll(() => provider.grants.length, { timeout: 30_000 }).toBe(2)
  await page.waitForURL(`${scene.desk}?text=bridge`)
})

test('a user without the role of a moderator learns what to do', async () => {
  await using provider = await startIdentityProvider({ role: 'reader' })
  await using scene = await withProvider(provider)
  const page = await scene.windows.open(scene.desk)
  await signInAt(page)
  await page.getByText('You are signed in as Nadia from the provider, who is not a moderator').waitFor()
})

test('without OIDC_CLIENT_ID the desk says what to set, and offers no sample users', async () => {
  await using app = await freshApp({
    env: {
      AUTH_SECRET: 'a secret of more than thirty-two bytes',
      AUTH_ISSUER: 'news',
      AUTH_AUDIENCE: 'news',
    },
  })
  await using windows = await openBrowser(app.url)
  const page = await windows.open(new URL('/desk', app.url).href)
  await page.getByText('OIDC_CLIENT_ID').waitFor()
  expect(await page.getByRole('button').count()).toBe(0)
})

always('the page may ask the provider, and runs no script but its own', async () => {
  await using app = await freshApp({
    env: {
      AUTH_JWKS_URL: 'https://id.example/jwks',
      AUTH_ISSUER: 'https://id.example/news',
      AUTH_AUDIENCE: AUDIENCE,
      OIDC_CLIENT_ID: 'desk',
    },
  })
  const policies = await Promise.all(
    [0, 1].map(async () => {
      const response = await fetch(new URL('/desk/readers/1', app.url))
      expect(response.headers.get('cache-control')).toBe('no-store')
      return response.headers.get('content-security-policy') ?? ''
    }),
  )
  const [policy = '', another] = policies
  expect(policy).toContain("script-src 'self';")
  expect(policy).toContain("connect-src 'self' https://id.example;")
  expect(policy).toMatch(/style-src 'self' 'nonce-[^']{22,}';/)
  expect(policy).not.toContain('unsafe')
  expect(another).not.toBe(policy)
})
