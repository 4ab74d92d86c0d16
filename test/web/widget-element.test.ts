import { expect, test } from 'vitest'
import { datesOf } from '../../src/web/texts/dates.ts'
import { runsBrowserOnce } from '../support/browser.ts'
import { reject } from '../support/newsroom.ts'
import { bodiesOf, isLive, openWidget, published, setStage } from './stage.ts'

test.skipIf(!runsBrowserOnce)(
  'tokens that the gateway refuses are not asked for without end; a token that the page sets then is used',
  async () => {
    await using stage = await setStage()
    const page = await openWidget(stage)
    const refused: string[] = []
    page.on('response', (response) => {
      const { authorization = '' } = response.request().headers()
      if (authorization) refused.push(authorization)
    })
    await page.evaluate(() => {
      const asked: string[] = []
      const getToken = async () => {
        asked.push(`refused-${asked.length}`)
        return asked.at(-1)
      }
      Object.assign(window, { asked })
      Object.assign(document.querySelector('dateline-comments')!, { getToken })
    })
    await expect.poll(() => refused.length).toBe(2)
    await page.getByText('Sign in to write a comment.').waitFor()
    // What the gateway is asked from here on comes after all that the widget asks by itself.
    for (let turn = 0; turn < 5; turn += 1) await page.evaluate(() => fetch('/'))
    expect(refused).toEqual(['Bearer refused-0', 'Bearer refused-1'])
    expect(await page.evaluate(() => (window as unknown as { asked: string[] }).asked.length)).toBe(2)

    const token = await stage.app.token('reader', { name: 'Ada' })
    await page.evaluate(
      (value) => Object.assign(document.querySelector('dateline-comments')!, { token: value }),
      token,
    )
    await page.getByLabel('Your comment').fill('Accepted')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page.getByText('Your comment was sent').waitFor()
  },
)

test.skipIf(!runsBrowserOnce)(
  'a removed widget closes its connection and stops its timers; a moved one continues, and one that is added again starts again',
  async () => {
    await using stage = await setStage()
    await published(stage, ['first'])
    const page = await openWidget(stage)
    await page.addInitScript(() => {
      const { setInterval, clearInterval } = window
      const intervals = new Set<unknown>()
      Object.assign(window, {
        intervals,
        setInterval(...parameters: Parameters<typeof setInterval>) {
          const id = setInterval(...parameters)
          intervals.add(id)
          return id
        },
        clearInterval(id: number) {
          intervals.delete(id)
          clearInterval(id)
        },
      })
    })
    const sockets: boolean[] = []
    page.on('websocket', (socket) => {
      const index = sockets.push(true) - 1
      socket.on('close', () => {
        sockets[index] = false
      })
    })
    await page.reload()
    await isLive(page)
    const intervals = () =>
      page.evaluate(() => (window as unknown as { intervals: Set<unknown> }).intervals.size)
    expect(await intervals()).toBeGreaterThan(0)

    await page.evaluate(() => document.body.append(document.querySelector('dateline-comments')!))
    await published(stage, ['second'])
    await page.getByText('2 comments').waitFor()
    expect(sockets).toEqual([true])

    await page.evaluate(() => {
      const element = document.querySelector('dateline-comments')!
      Object.assign(window, { element })
      element.remove()
    })
    await expect.poll(() => sockets).toEqual([false])
    expect(await intervals()).toBe(0)
    expect(
      await page.evaluate(() => (window as unknown as { element: Element }).element.shadowRoot?.innerHTML),
    ).toBe('<slot></slot>')

    await published(stage, ['third'])
    await page.evaluate(() => document.body.append((window as unknown as { element: Element }).element))
    await isLive(page)
    expect(await bodiesOf(page)).toEqual(['third', 'second', 'first'])
    expect(sockets).toEqual([false, true])
  },
)

test.skipIf(!runsBrowserOnce)(
  'a reply that is being written stays when its parent is retracted',
  async () => {
    await using stage = await setStage()
    const [id = ''] = await published(stage, ['parent'])
    const page = await openWidget(stage, { reader: 'Ada' })
    await isLive(page)
    await page.locator('[data-reply]').click()
    const field = page.getByLabel('Your reply')
    await field.fill('Half of a reply')
    await reject(stage.app.database.prisma, [id])
    await page.getByText('The comment that you are replying to was removed.').waitFor()
    expect(await field.inputValue()).toBe('Half of a reply')
    expect(await field.evaluate((element) => element.matches(':focus'))).toBe(true)
    expect(await page.getByText('parent', { exact: true }).count()).toBe(0)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.locator('.list .comment').waitFor({ state: 'detached' })
  },
)

test.skipIf(!runsBrowserOnce)(
  'numbers and dates in Sorani are the same in the browser and on the server',
  async () => {
    await using stage = await setStage({ language: 'ckb' })
    await published(stage, ['a', 'b', 'c'])
    const page = await openWidget(stage, { language: 'ckb' })
    await page.getByText('٣ لێدوان').waitFor()
    const link = page.locator('.list a.time').first()
    const at = new Date((await link.locator('time').getAttribute('datetime')) ?? '')
    expect(await link.getAttribute('title')).toBe(datesOf('ckb').moment(at))
    expect(datesOf('ckb', 'UTC').day(new Date('2026-01-02T15:04:00Z'))).toBe('٢ی کانوونی دووەمی ٢٠٢٦')
  },
)
