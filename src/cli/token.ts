import { parseArgs } from 'node:util'
import { signToken } from '../auth/sign.ts'
import { isRole, type Role, roles } from '../auth/viewer.ts'
import { parseDurationSeconds } from '../base/duration.ts'
import { SetupError } from '../base/errors.ts'
import { type Config, loadConfig } from '../config/config.ts'
import { runCommand } from './command-line.ts'

const help = `Prints a token, signed with AUTH_SECRET if it is set, otherwise with the development key.

  npm run --silent token -- --role reader|moderator|editor|admin [--name NAME] [--sub SUBJECT] [--ttl 1h]

  --role   role of the token
  --name   display name
  --sub    subject; default derived from role and name
  --ttl    lifetime: 30s, 15m, 1h or 7d; default 1h
`

interface Request {
  role: Role
  name: string | undefined
  subject: string | undefined
  ttlSeconds: number
}

function signed(request: Request, { auth, dataDir }: Config): Promise<string> {
  if (auth.kind === 'jwks') {
    throw new SetupError('AUTH_JWKS_URL is set. Get a token from the identity provider instead.')
  }
  return signToken({ auth, dataDir, ...request })
}

function readArguments(args: string[]): Request | 'help' {
  const { help: wantsHelp, role, name, sub, ttl = '1h' } = parse(args)
  if (wantsHelp) return 'help'
  if (!isRole(role)) throw new SetupError(`--role must be one of ${roles.join(', ')}.`)
  if (name !== undefined && name.trim() === '') throw new SetupError('--name must not be empty.')
  if (sub !== undefined && (sub.trim() === '' || sub.length > 255)) {
    throw new SetupError('--sub must be 1 to 255 characters.')
  }
  return { role, name, subject: sub, ttlSeconds: seconds(ttl) }
}

function parse(args: string[]) {
  const text = { type: 'string' } as const
  try {
    const options = {
      role: text,
      name: text,
      sub: text,
      ttl: text,
      help: { type: 'boolean', short: 'h' },
    } as const
    return parseArgs({ args, options }).values
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    const [sentence = ''] = error.message.split(/\.?\s*\n|\. /)
    throw new SetupError(`${sentence}. See --help.`)
  }
}

function seconds(ttl: string): number {
  const total = parseDurationSeconds(ttl)
  if (total === null) throw new SetupError('--ttl must be a whole number with a unit: 30s, 15m, 1h or 7d.')
  return total
}

await runCommand(async () => {
  const request = readArguments(process.argv.slice(2))
  process.stdout.write(request === 'help' ? help : `${await signed(request, loadConfig(process.env))}\n`)
  return 0
})
