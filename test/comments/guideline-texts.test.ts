import { afterAll, beforeAll, expect, test } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'

let app: TestApp

beforeAll(async () => {
  app = await freshApp()
})
afterAll(() => app.close())

const texts = async (language: string | null): Promise<Json[]> =>
  (await app.ask(operationText('Guidelines'), { language })).guidelines

test('every guideline is translated to Arabic, Sorani and Turkish', async () => {
  const english = await texts(null)
  expect(await texts('en-GB')).toEqual(english)
  for (const [language, letters] of [
    ['ar', /^[\p{Script=Arabic}\p{M}\p{P}\s]+$/u],
    ['ckb-IQ', /^[\p{Script=Arabic}\p{M}\p{P}\s]+$/u],
    ['tr', /^[\p{Script=Latin}\p{P}\s]+$/u],
  ] as const) {
    const translated = await texts(language)
    for (const [index, { code, title, description }] of translated.entries()) {
      expect(code).toBe(english[index].code)
      for (const text of [title, description]) expect(text).toMatch(letters)
      expect([title, description]).not.toEqual([english[index].title, english[index].description])
    }
  }
})

test('another language has the stored texts, and an invalid one is refused', async () => {
  expect(await texts('de')).toEqual(await texts(null))
  const { errors } = await app.post('{ guidelines { title(language: "not a tag") } }')
  expect(errors?.[0]).toMatchObject({ extensions: { code: 'INVALID_INPUT' } })
})

test('a guideline that the outlet has changed is shown as stored', async () => {
  await app.database.prisma.guideline.update({
    where: { code: 'THREATS' },
    data: { title: 'Keep the peace' },
  })
  const threats = (await texts('tr')).find(({ code }) => code === 'THREATS')
  expect(threats.title).toBe('Keep the peace')
  expect((await texts('tr'))[0].title).toBe('Haberin konusunda kalın')
})
