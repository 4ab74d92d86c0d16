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
  description: 'An address of a partner that is told of changes as they happen.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Names it in orders.' }),
    url: t.exposeString('url', { description: 'Where messages are sent.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Since when there is it.' }),
    failingSince: t.expose('failingSince', { type: 'DateTime', nullable: true }),
    disabledAt: t.expose('disabledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when nothing is sent any more.',
    }),
    disabledReason: t.exposeString('disabledReason', { nullable: true, description: 'Why nothing is sent.' }),
  }),
})

builder.prismaObjectField('Partner', 'webhooks', (t) =>
  t.relation('endpoints', {
    description: 'Its addresses that are told of changes as they happen, oldest first.',
    query: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] },
  }),
)

const WebhookSecretMade = builder.objectRef<EndpointWithSecret>('WebhookSecretMade').implement({
  description:
    'A secret was made, by which the partner verifies messages. It is shown here and nowhere else.',
  fields: (t) => ({
    webhook: t.field({ type: Webhook, description: 'Whose it is.', resolve: ({ endpoint }) => endpoint }),
    secret: t.exposeString('secret', { description: 'The secret, as Standard Webhooks writes it.' }),
  }),
})

const WebhookTested = builder.objectRef<Awaited<ReturnType<typeof testEndpoint>>>('WebhookTested').implement({
  description: 'What came of a message of the type "ping".',
  fields: (t) => ({
    status: t.exposeInt('status', {
      nullable: true,
      description: 'The HTTP status of the answer; null when there was none.',
    }),
    error: t.exposeString('error', { nullable: true, description: 'Why there was no answer.' }),
  }),
})

builder.mutationFields((t) => {
  const id = t.arg.id({ required: true, description: 'Which one.' })
  const authScopes = { role: 'admin' } as const
  const failures = { types: [NotSignedIn, Forbidden, NotFound] }
  const invalid = { types: [NotSignedIn, Forbidden, NotFound, InvalidInput] }
  return {
    addWebhook: t.field({
      type: WebhookSecretMade,
      description:
        'Adds an address that is told of what happens to stories from now on, as far as it concerns the ' +
        'partner. For administrators.',
      args: {
        partner: t.arg.string({ required: true, description: "The partner's slug." }),
        url: t.arg.string({ required: true, description: 'Where to send messages; http or https.' }),
      },
      errors: invalid,
      authScopes,
      resolve: (_root, args, context) => addEndpoint(args, depsOf(context)),
    }),
    rotateWebhookSecret: t.field({
      type: WebhookSecretMade,
      description:
        'Makes a new secret; messages are signed with the old one too until the overlap ends. For ' +
        'administrators.',
      args: {
        id,
        overlap: t.arg.string({
          defaultValue: '24h',
          description:
            'How long the older secrets sign too: "30s", "15m", "1h", "7d", or "0" for not at all.',
        }),
      },
      errors: invalid,
      authScopes,
      resolve: (_root, args, context) =>
        rotateSecret({ id: toRowId(args.id), overlap: overlapIn(args.overlap ?? '24h') }, depsOf(context)),
    }),
    enableWebhook: t.field({
      type: Webhook,
      description: 'Sends to a disabled webhook again, beginning where it stopped. For administrators.',
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
      description: 'Removes a webhook; what waits for it is dropped. For administrators.',
      args: { id },
      errors: failures,
      authScopes,
      resolve: (_root, args, context) => removeEndpoint(toRowId(args.id), depsOf(context)),
    }),
    testWebhook: t.field({
      type: WebhookTested,
      description: 'Sends a message of the type "ping" and says what came of it. For administrators.',
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
    throw new InvalidInput('overlap', 'The overlap is a number with a unit: 30s, 15m, 1h or 7d; or 0.')
  }
  return seconds
}
