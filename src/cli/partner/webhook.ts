import { parseDurationSeconds } from '../../base/duration.ts'
import { NotFound, SetupError } from '../../base/errors.ts'
import type { WebhookEndpoint } from '../../db/client/client.ts'
import { toRowId } from '../../graphql/ids.ts'
import {
  addEndpoint,
  type EndpointDeps,
  type EndpointWithSecret,
  enableEndpoint,
  removeEndpoint,
  rotateSecret,
} from '../../webhooks/endpoint.ts'
import { type CommandDeps, readOptions, type Subcommand } from './subcommand.ts'

/** npm run partner -- webhook */
export const webhook: Subcommand = {
  summary: 'manages webhooks: adds, lists, rotates secrets, enables and removes',
  usage: `add SLUG URL | list SLUG | rotate ID [--overlap 24h] | enable ID | remove ID

  --overlap    how long older secrets stay valid: 30s, 15m, 1h, 7d, or 0 to expire them now;
               default 24h

"list" prints the ids, and the reason if a webhook is disabled.`,
  read(args) {
    const { values, positionals } = readOptions(args, { overlap: { type: 'string' } })
    const [action = '', name, url, ...more] = positionals
    if (!isAction(action))
      throw new SetupError('The action must be add, list, rotate, enable or remove. See --help.')
    if (name === undefined || (url === undefined) === (action === 'add') || more.length > 0) {
      throw new SetupError(`The arguments of "webhook ${action}" are wrong. See --help.`)
    }
    const { overlap: given = '24h' } = values
    const overlap = given === '0' ? 0 : parseDurationSeconds(given)
    if (overlap === null)
      throw new SetupError('--overlap must be a number with a unit, such as 30s, 15m, 1h or 7d, or 0.')
    return (deps) => actions[action]({ name, url: url ?? '', overlap }, deps)
  },
}

interface Order {
  /** A slug or an id. */
  name: string
  url: string
  overlap: number
}

const actions = {
  add: async ({ name: partner, url }: Order, deps: CommandDeps) =>
    secretText(await addEndpoint({ partner, url }, endpointDeps(deps))),
  async list({ name: slug }: Order, { prisma }: CommandDeps) {
    const partner = await prisma.partner.findUnique({
      where: { slug },
      include: { endpoints: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] } },
    })
    if (!partner) throw new NotFound(`partner "${slug}"`)
    if (partner.endpoints.length === 0) return `${slug} has no webhooks.\n`
    return `${partner.endpoints.map(endpointLine).join('\n')}\n`
  },
  rotate: async ({ name, overlap }: Order, deps: CommandDeps) =>
    secretText(await rotateSecret({ id: toRowId(name), overlap }, endpointDeps(deps))),
  enable: async ({ name }: Order, deps: CommandDeps) =>
    `${endpointLine(await enableEndpoint(toRowId(name), endpointDeps(deps)))}\n`,
  remove: async ({ name }: Order, deps: CommandDeps) =>
    `Removed: ${(await removeEndpoint(toRowId(name), endpointDeps(deps))).url}\n`,
}

function isAction(text: string): text is keyof typeof actions {
  return Object.hasOwn(actions, text)
}

/** Nothing is sent here; each gateway decides which addresses are allowed. */
function endpointDeps({ prisma, now }: CommandDeps): EndpointDeps {
  return { prisma, now, allowLoopback: true }
}

function secretText({ endpoint, secret }: EndpointWithSecret): string {
  return `${endpoint.id}  ${endpoint.url}\n${secret}\nStore the secret now. It will not be shown again.\n`
}

function endpointLine({ id, url, failingSince, disabledAt, disabledReason }: WebhookEndpoint): string {
  if (disabledAt) return `${id}  ${url}  disabled since ${disabledAt.toISOString()}: ${disabledReason}`
  if (failingSince) return `${id}  ${url}  failing since ${failingSince.toISOString()}`
  return `${id}  ${url}  active`
}
