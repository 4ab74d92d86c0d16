import { parseArgs } from 'node:util'
import { SetupError } from '../../../src/base/errors.ts'

export interface Options {
  sockets: number
  minutes: number
  seed: number
  /** What carries hints between gateways. */
  bus: 'notify' | 'redis'
  gateways: number
  stories: number
  /** Decisions per second. */
  rate: number
  kills: number
  databaseRestarts: number
  busRestarts: number
  /** Standbys promoted that missed commits: 0 or 1. */
  failovers: number
  /** A file for the result as JSON. */
  json: string | null
}

export const HELP = `Breaks a running newsroom on purpose, and checks that no reader lost, repeated or swapped an event.

npm run chaos -- [options]

  --sockets N        readers, each with a websocket of its own (200)
  --minutes M        how long things are broken (1)
  --seed N           what is broken when (by chance; printed, so that a run can be repeated)
  --bus notify|redis what carries hints between gateways (notify)
  --gateways N       gateways on the one database (3)
  --stories N        stories; the one at rank r gets comments and readers in proportion to 1/r (8)
  --rate N           approvals and retractions per second (8, of which a quarter are retractions)
  --kills N          gateways killed with SIGKILL, at least (2 per minute)
  --db-restarts N    immediate restarts of PostgreSQL, at least (2 in 5 minutes)
  --bus-restarts N   times the bus is cut, at least (1 per minute)
  --failovers N      0 or 1: the primary is lost, and a standby that missed commits is promoted (1)
  --json FILE        writes the result there
  --help             prints this

Sockets are cut and stalled all the time beside that, and connections refused now and then. It starts its
own PostgreSQL, Redis and gateways on loopback and removes them again. Exit code 1 when an event was lost,
doubled or swapped, a reader was not told of a failover, a page was wrong, the 95th percentile of catching up
while connected is over 3 s, or that of reconnecting over 10 s.`

/**
 * Reads the command line; null when help is asked for.
 * @throws SetupError naming the option that is wrong
 */
export function readOptions(args: string[]): Options | null {
  const { values } = parse(args)
  if (values.help) return null
  const minutes = number('minutes', values.minutes, 1, { least: 0.2, most: 60 })
  const whole = (name: keyof typeof values, usual: number, least: number, most: number) =>
    number(name, values[name] as string | undefined, usual, { least, most, whole: true })
  const bus = values.bus ?? 'notify'
  if (bus !== 'notify' && bus !== 'redis') throw new SetupError('--bus must be "notify" or "redis".')
  return {
    sockets: whole('sockets', 200, 1, 20_000),
    minutes,
    seed: whole('seed', Math.floor(Math.random() * 1e6), 0, 2 ** 32 - 1),
    bus,
    gateways: whole('gateways', 3, 2, 16),
    stories: whole('stories', 8, 1, 200),
    rate: number('rate', values.rate, 8, { least: 0.1, most: 200 }),
    kills: whole('kills', Math.ceil(2 * minutes), 0, 600),
    databaseRestarts: whole('db-restarts', Math.ceil(0.4 * minutes), 0, 100),
    busRestarts: whole('bus-restarts', Math.ceil(minutes), 0, 600),
    failovers: whole('failovers', 1, 0, 1),
    json: values.json ?? null,
  }
}

/**
 * Sees that this process may open enough files: a reader takes one descriptor, and its way through the
 * proxy two.
 * @throws SetupError saying how to raise the limit
 */
export function checkDescriptors({ sockets }: Options): void {
  const needed = 3 * sockets + 300
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft: unknown } } }
  const limit = Number(userLimits?.open_files?.soft)
  if (Number.isNaN(limit) || limit >= needed) return
  throw new SetupError(
    `${sockets} sockets need ${needed} open files, and this process may have ${limit}: ` +
      `run "ulimit -n ${needed}" first, or ask for at most ${Math.floor((limit - 300) / 3)} sockets.`,
  )
}

function parse(args: string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args,
      strict: true,
      options: {
        sockets: text,
        minutes: text,
        seed: text,
        bus: text,
        gateways: text,
        stories: text,
        rate: text,
        kills: text,
        'db-restarts': text,
        'bus-restarts': text,
        failovers: text,
        json: text,
        help: { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new SetupError(`${(error as Error).message.split('. ')[0]}; --help lists the options.`)
  }
}

function number(
  name: string,
  text: string | undefined,
  usual: number,
  { least, most, whole = false }: { least: number; most: number; whole?: boolean },
): number {
  if (text === undefined) return usual
  const value = Number(text)
  if (text.trim() !== '' && value >= least && value <= most && (!whole || Number.isInteger(value)))
    return value
  throw new SetupError(`--${name} must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}.`)
}
