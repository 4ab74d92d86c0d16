import { parseDurationSeconds } from '../base/duration.ts'
import { Forbidden, InvalidInput, NotFound, NotSignedIn } from '../base/errors.ts'
import { builder } from '../graphql/builder.ts'
import type { Context } from '../graphql/context.ts'
import { toRowId } from '../graphql/ids.ts'
import {
  addEndpoint,
  type EndpointDeps,
  type EndpointWithSecret,
  enableEndpoint,
  removeEndpoint,
  rotateSecret,
  testEndpoint,
} from '../webhooks/endpoint.ts'

const Webhook = builder.prismaObject('WebhookEndpoint', {
  name: 'Webhook',
  description: 'A webhook of a partner. It receives a message for each change.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the webhook.' }),
    url: t.exposeString('url', { description: 'The URL that receives messages.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the webhook was created.' }),
    failingSince: t.expose('failingSince', { type: 'DateTime', nullable: true }),
    disabledAt: t.expose('disabledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the webhook was disabled; null if it is active.',
    }),
    disabledReason: t.exposeString('disabledReason', {
      nullable: true,
      description: 'Why the webhook was disabled.',
    }),
  }),
})

builder.prismaObjectField('Partner', 'webhooks', (t) =>
  t.relation('endpoints', {
    description: 'The webhooks of the partner, oldest first.',
    query: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] },
  }),
)

const WebhookSecretCreated = builder.objectRef<EndpointWithSecret>('WebhookSecretCreated').implement({
  description: 'A new signing secret. The partner verifies messages with it. It is shown only once.',
  fields: (t) => ({
    webhook: t.field({ type: Webhook, description: 'The webhook.', resolve: ({ endpoint }) => endpoint }),
    secret: t.exposeString('secret', { description: 'The secret, in the format of Standard Webhooks.' }),
  }),
})

const WebhookTestResult = builder
  .objectRef<Awaited<ReturnType<typeof testEndpoint>>>('WebhookTestResult')
  .implement({
    description: 'The result of a test message.',
    fields: (t) => ({
      status: t.exposeInt('status', {
        nullable: true,
        description: 'The HTTP status of the response; null if there was none.',
      }),
      error: t.exposeString('error', { nullable: true, description: 'The error if there was no response.' }),
    }),
  })

builder.mutationFields((t) => {
  const id = t.arg.id({ required: true, description: 'The id of the webhook.' })
  const authScopes = { role: 'admin' } as const
  const failures = { types: [NotSignedIn, Forbidden, NotFound] }
  const invalid = { types: [NotSignedIn, Forbidden, NotFound, InvalidInput] }
  return {
    addWebhook: t.field({
      type: WebhookSecretCreated,
      description:
        'Adds a webhook. From now on, it receives a message for each change that concerns the partner. For ' +
        'administrators.',
      args: {
        partner: t.arg.string({ required: true, description: 'The slug of the partner.' }),
        url: t.arg.string({ required: true, description: 'The http or https URL that receives messages.' }),
      },
      errors: invalid,
      authScopes,
      resolve: (_root, args, context) => addEndpoint(args, depsOf(context)),
    }),
    rotateWebhookSecret: t.field({
      type: WebhookSecretCreated,
      description:
        'Creates a new signing secret. Until the overlap ends, messages are signed with both secrets. For ' +
        'administrators.',
      args: {
        id,
        overlap: t.arg.string({
          defaultValue: '24h',
          description:
            'How long the older secrets stay valid: "30s", "15m", "1h", "7d", or "0" to expire them now.',
        }),
      },
      errors: invalid,
      authScopes,
      resolve: (_root, args, context) =>
        rotateSecret({ id: toRowId(args.id), overlap: overlapIn(args.overlap ?? '24h') }, depsOf(context)),
    }),
    enableWebhook: t.field({
      type: Webhook,
      description:
        'Enables a disabled webhook. It then receives the messages that it missed. For administrators.',
      args: { id },
      errors: failures,
      authScopes,
      resolve: async (_root, args, context) => {
        const endpoint = await enableEndpoint(toRowId(args.id), depsOf(context))
        context.push.wake()
        return endpoint
      },
    }),
    removeWebhook: t.field({
      type: Webhook,
      description: 'Removes a webhook. Its pending messages are discarded. For administrators.',
      args: { id },
      errors: failures,
      authScopes,
      resolve: (_root, args, context) => removeEndpoint(toRowId(args.id), depsOf(context)),
    }),
    testWebhook: t.field({
      type: WebhookTestResult,
      description: 'Sends a message of the type "ping" and returns the result. For administrators.',
      args: { id },
      errors: failures,
      authScopes,
      resolve: (_root, args, context) =>
        testEndpoint(toRowId(args.id), depsOf(context), context.push.sendRequest),
    }),
  }
})

function depsOf({ prisma, bus, now, push }: Context): EndpointDeps {
  return { prisma, now, allowLoopback: push.allowLoopback, transaction: bus.transaction }
}

function overlapIn(text: string): number {
  const seconds = text === '0' ? 0 : parseDurationSeconds(text)
  if (seconds === null) {
    throw new InvalidInput(
      'overlap',
      '"overlap" must be a number with a unit, such as 30s, 15m, 1h or 7d, or 0.',
    )
  }
  return seconds
}
