import type { Page } from 'playwright-core'
import type { TestApp } from './app.ts'
import type { Windows } from './browser.ts'

interface DeskOptions {
  path?: string
  /** Of the sample user. */
  name?: string
  /** Of the window. */
  options?: Parameters<Windows['open']>[1]
}

/** Opens the desk in a window of its own, and signs in as a sample user with one click. */
export async function openDesk(
  windows: Windows,
  app: TestApp,
  { path = '', name = 'Sample moderator', options }: DeskOptions = {},
): Promise<Page> {
  const page = await windows.open(new URL(`/desk${path}`, app.url).href, options)
  await page.getByRole('button', { name: new RegExp(`^${name}`) }).click()
  return page
}

/** The waiting comment with this text. */
export function commentWith(page: Page, body: string) {
  return page.getByRole('article').filter({ hasText: body })
}
