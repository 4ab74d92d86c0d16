import type { WebhookEndpoint } from '../db/client/client.ts'
import { builder, type InputFields, type ObjectFields } from '../graphql/builder.ts'
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
import { overlapField, overlapIn } from './overlap.ts'
import { forAdmins, partnerSlug } from './partner-admin.ts'

const Webhook = builder.prismaObject('WebhookEndpoint', {
  name: 'Webhook',
  description: 'A webhook of a partner. It receives a message for each change.',
  select: {},
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

const webhookId = (t: InputFields) => ({
  id: t.id({ required: true, description: 'The id of the webhook.' }),
})

const webhookField = (t: ObjectFields<WebhookEndpoint>) => ({
  webhook: t.field({ type: Webhook, description: 'The webhook.', resolve: (endpoint) => endpoint }),
})

const newSecret = {
  description:
    'A new signing secret, with which the partner verifies messages. The secret is shown only once.',
  outputFields: (t: ObjectFields<EndpointWithSecret>) => ({
    webhook: t.field({ type: Webhook, description: 'The webhook.', resolve: ({ endpoint }) => endpoint }),
    secret: t.exposeString('secret', { description: 'The secret, in the format of Standard Webhooks.' }),
  }),
}

builder.relayMutationField(
  'addWebhook',
  {
    description: 'A new webhook of a partner.',
    inputFields: (t) => ({
      ...partnerSlug(t),
      url: t.string({ required: true, description: 'The http or https URL that receives messages.' }),
    }),
  },
  {
    ...forAdmins,
    description:
      'Adds a webhook. From now on, it receives a message for each change that concerns the partner. For ' +
      'administrators.',
    resolve: (_root, { input }, context) => addEndpoint(input, depsOf(context)),
  },
  newSecret,
)

builder.relayMutationField(
  'rotateWebhookSecret',
  {
    description: 'A webhook that gets a new signing secret.',
    inputFields: (t) => ({ ...webhookId(t), ...overlapField(t, 'secrets') }),
  },
  {
    ...forAdmins,
    description:
      'Creates a new signing secret. Until the overlap ends, messages are signed with both secrets. For ' +
      'administrators.',
    resolve: (_root, { input }, context) =>
      rotateSecret({ id: toRowId(input.id), overlap: overlapIn(input) }, depsOf(context)),
  },
  newSecret,
)

builder.relayMutationField(
  'enableWebhook',
  { description: 'A disabled webhook to enable.', inputFields: webhookId },
  {
    ...forAdmins,
    description:
      'Enables a disabled webhook. It then receives the messages that it missed. For administrators.',
    resolve: async (_root, { input }, context) => {
      const endpoint = await enableEndpoint(toRowId(input.id), depsOf(context))
      context.push.wake()
      return endpoint
    },
  },
  { description: 'The webhook is enabled.', outputFields: webhookField },
)

builder.relayMutationField(
  'removeWebhook',
  { description: 'A webhook to remove.', inputFields: webhookId },
  {
    ...forAdmins,
    description: 'Removes a webhook. Its pending messages are discarded. For administrators.',
    resolve: (_root, { input }, context) => removeEndpoint(toRowId(input.id), depsOf(context)),
  },
  { description: 'The webhook was removed.', outputFields: webhookField },
)

builder.relayMutationField(
  'testWebhook',
  { description: 'A webhook to test.', inputFields: webhookId },
  {
    ...forAdmins,
    description: 'Sends a message of the type "ping" and returns the result. For administrators.',
    resolve: (_root, { input }, context) =>
      testEndpoint(toRowId(input.id), depsOf(context), context.push.sendRequest),
  },
  {
    description: 'The result of a test message.',
    outputFields: (t) => ({
      status: t.exposeInt('status', {
        nullable: true,
        description: 'The HTTP status of the response; null if there was no response.',
      }),
      error: t.exposeString('error', {
        nullable: true,
        description: 'The error; null if there was a response.',
      }),
    }),
  },
)

function depsOf({ prisma, bus, now, push }: Context): EndpointDeps {
  return { prisma, now, allowLoopback: push.allowLoopback, transaction: bus.transaction }
}
