import type { TestApp } from '../support/app.ts'

export interface FeedAnswer {
  status: number
  headers: Headers
  text: string
}

/** Asks a gateway for a path, as a feed reader does. */
export async function read(
  app: TestApp,
  path: string,
  { key, ...init }: RequestInit & { key?: string } = {},
): Promise<FeedAnswer> {
  const headers = new Headers(init.headers)
  if (key) headers.set('authorization', `Bearer ${key}`)
  const response = await fetch(new URL(path, app.url), { ...init, headers })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

/** The headlines of a JSON Feed, in its order. */
export async function headlines(app: TestApp, path: string, key?: string): Promise<string[]> {
  const { items } = JSON.parse((await read(app, path, { key })).text)
  return items.map(({ title }: { title: string }) => title)
}

/** The keys of the stories that a JSON Feed says are gone. */
export async function removed(app: TestApp, path: string, key?: string): Promise<string[]> {
  const { _dateline } = JSON.parse((await read(app, path, { key })).text)
  return _dateline.removed.map(({ id }: { id: string }) => id.replace('urn:uuid:', ''))
}

/** Has an editor change a story's standing, over GraphQL. */
export async function edit(app: TestApp, mutation: string, input: object): Promise<void> {
  const name = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}`
  const answer = await app.ask(
    `mutation ($input: ${name}Input!) { edit: ${mutation}(input: $input) { __typename ... on Error { message } } }`,
    { input },
    await app.token('editor'),
  )
  if (answer.edit.__typename !== `${name}Payload`) throw new Error(answer.edit.message)
}
