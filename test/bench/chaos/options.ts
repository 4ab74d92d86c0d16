import { parseArgs } from 'node:util'
import { SetupError } from '../../../src/base/errors.ts'

export interface Options {
  sockets: number
  minutes: number
  seed: number
  /** The transport of hints between gateways. */
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

export const HELP = `Causes failures in a running newsroom, and checks that every reader received each event once and in order.

npm run chaos -- [options]

  --sockets N        number of readers, each with its own websocket (200)
  --minutes M        duration of the failures, in minutes (1)
  --seed N           seed of the random failures (random; printed, so that a run can be repeated)
  --bus notify|redis how gateways notify each other: PostgreSQL NOTIFY or Redis (notify)
  --gateways N       number of gateways on the database (3)
  --stories N        number of articles (8); the r-th article receives a share of the comments
                     and readers proportional to 1/r
  --rate N           approvals and retractions per second; a quarter are retractions (8)
  --kills N          minimum number of gateways killed with SIGKILL (2 per minute)
  --db-restarts N    minimum number of restarts of PostgreSQL without a clean shutdown
                     (2 in 5 minutes)
  --bus-restarts N   minimum number of interruptions of the notifications between gateways,
                     see --bus (1 per minute)
  --failovers N      number of failovers to a standby that missed commits: 0 or 1 (1)
  --json FILE        writes the result to FILE
  --help             prints this help

Defaults are in parentheses. Throughout the run, websockets are also cut and stalled, and some connections
are refused. The command starts its own PostgreSQL, Redis and gateways on loopback and removes them at the end.

The exit code is 1 in any of these cases: an event was lost, doubled or reordered; a reader did not receive a
reset after a failover; a page did not match the database; the 95th percentile of the time to catch up while
connected is more than 3 s, or that of the time to reconnect is more than 10 s.`

/**
 * Reads the command line; null if help is requested.
 * @throws SetupError naming the invalid option
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
 * Checks that this process may open enough files: each reader needs one descriptor, and its connection
 * through the proxy needs two.
 * @throws SetupError saying how to raise the limit
 */
export function checkDescriptors({ sockets }: Options): void {
  const needed = 3 * sockets + 300
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft: unknown } } }
  const limit = Number(userLimits?.open_files?.soft)
  if (Number.isNaN(limit) || limit >= needed) return
  throw new SetupError(
    `${sockets} sockets need ${needed} open files, but the limit of this process is ${limit}: ` +
      `run "ulimit -n ${needed}" first, or use at most ${Math.floor((limit - 300) / 3)} sockets.`,
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
    throw new SetupError(`${(error as Error).message.split('. ')[0]}; see --help.`)
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
