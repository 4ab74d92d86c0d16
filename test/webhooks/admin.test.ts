import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'
import { freshSettings } from '../support/database.ts'
import { addPartner } from '../support/partner.ts'
import { partnerCommand } from '../support/partner-command.ts'
import { startReceiver } from '../support/receiver.ts'

let app: TestApp
let admin: string

beforeAll(async () => {
  app = await freshApp()
  admin = await app.token('admin')
})

afterAll(() => app.close())

const ADD = `mutation ($partner: String!, $url: String!) {
  addWebhook(input: { partner: $partner, url: $url }) {
    __typename
    ... on AddWebhookPayload { secret webhook { id url } }
    ... on Error { code message }
  }
}`

test('an administrator adds a webhook, tries it, rotates its secret and removes it', async () => {
  await using receiver = await startReceiver()
  const { slug } = await addPartner(app.database.prisma)
  const { addWebhook } = await app.ask(ADD, { partner: slug, url: receiver.url }, admin)
  const { id } = addWebhook.webhook
  expect(addWebhook.webhook.url).toBe(receiver.url)

  const { testWebhook } = await app.ask(
    'mutation ($id: ID!) { testWebhook(input: { id: $id }) { ... on TestWebhookPayload { status error } } }',
    { id },
    admin,
  )
  expect(testWebhook).toEqual({ status: 204, error: null })
  const { body, headers } = await receiver.next()
  const ping = new Webhook(addWebhook.secret).verify(body, headers as Record<string, string>)
  expect(ping).toMatchObject({ type: 'ping', data: {} })

  const rotate = `mutation ($id: ID!) {
    rotateWebhookSecret(input: { id: $id, overlap: "1h" }) {
      ... on RotateWebhookSecretPayload { secret } ... on Error { code }
    }
  }`
  const { rotateWebhookSecret } = await app.ask(rotate, { id }, admin)
  expect(rotateWebhookSecret.secret).not.toBe(addWebhook.secret)
  const list = 'query ($slug: String!) { partner(slug: $slug) { webhooks { id url disabledAt } } }'
  expect((await app.ask(list, { slug }, admin)).partner.webhooks).toEqual([
    { id, url: receiver.url, disabledAt: null },
  ])
  const remove = `mutation ($id: ID!) {
    removeWebhook(input: { id: $id }) { ... on RemoveWebhookPayload { webhook { id url } } ... on Error { code } }
  }`
  expect((await app.ask(remove, { id }, admin)).removeWebhook).toEqual({ webhook: { id, url: receiver.url } })
  expect((await app.ask(list, { slug }, admin)).partner.webhooks).toEqual([])
  expect((await app.ask(remove, { id }, admin)).removeWebhook).toMatchObject({ code: 'NOT_FOUND' })
})

test.each(['nowhere', 'ftp://example.org/', 'http://10.0.0.1/hook', 'https://user:word@example.org/'])(
  '%s is no address for a webhook',
  async (url) => {
    const { slug } = await addPartner(app.database.prisma)
    const { addWebhook } = await app.ask(ADD, { partner: slug, url }, admin)
    expect(addWebhook).toMatchObject({ __typename: 'InvalidInput' })
  },
)

test('nobody but an administrator orders webhooks about', async () => {
  const { slug, key } = await addPartner(app.database.prisma)
  for (const token of [await app.token('editor'), key]) {
    const { addWebhook } = await app.ask(ADD, { partner: slug, url: 'https://example.org/' }, token)
    expect(addWebhook.code).toBe('FORBIDDEN')
  }
})

test('the metrics say how much waits, and what came of attempts', async () => {
  const text = await (await fetch(app.url.replace('/graphql', '/metrics'))).text()
  expect(text).toMatch(/^dateline_push_queue_depth\{queue="webhooks"\} \d+$/m)
  expect(text).toContain('# TYPE dateline_push_attempts_total counter')
})

test('webhooks are ordered about from the command line too', async () => {
  await using settings = await freshSettings()
  const partner = (...args: string[]) => partnerCommand(args, settings.env)
  await partner('add', 'herald', '--name', 'The Herald')
  const added = await partner('webhook', 'add', 'herald', 'https://herald.example/hook')
  expect(added).toMatchObject({ code: 0, stdout: expect.stringMatching(/^[\w-]{36} {2}https.*\nwhsec_/) })
  const [id = ''] = added.stdout.split(' ')
  expect((await partner('webhook', 'list', 'herald')).stdout).toBe(
    `${id}  https://herald.example/hook  active\n`,
  )
  expect((await partner('webhook', 'rotate', id, '--overlap', '0')).stdout).toMatch(/\nwhsec_/)
  expect((await partner('webhook', 'enable', id)).code).toBe(0)
  expect((await partner('webhook', 'remove', id)).stdout).toBe('Removed: https://herald.example/hook\n')
  expect(await partner('webhook', 'remove', id)).toMatchObject({
    code: 1,
    stderr: 'The webhook does not exist, or you may not see it. Check the id or slug.\n',
  })
  expect((await partner('webhook', 'add', 'herald')).code).toBe(1)
}, 120_000)
