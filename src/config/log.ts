import pino, { type Logger } from 'pino'
import { lineWriter } from '../base/line-writer.ts'
import type { Config } from './config.ts'

/** How deep causes of causes are written. */
const MAX_CAUSES = 5

/** What is written of an error, and of the errors that caused it. */
export interface LoggedError {
  name: string
  message: string
  code?: string | number
  stack?: string
  cause?: LoggedError
}

/** The log: a JSON object for each line, on standard error. */
export function createLog(config: Pick<Config, 'logLevel' | 'databaseUrl' | 'redisUrl'>): Logger {
  return pino(
    { name: 'dateline', level: config.logLevel, serializers: { err: errorSerializer(config) } },
    lineWriter(2),
  )
}

/**
 * Takes from an error what helps to find its cause, and nothing else: drivers hang their client on it, with the
 * password, and the values of the statement. Addresses, users and passwords are taken out of the texts.
 */
export function errorSerializer({ databaseUrl, redisUrl }: Pick<Config, 'databaseUrl' | 'redisUrl'>) {
  const secrets = [databaseUrl, redisUrl].flatMap((url) => (url ? secretsIn(url) : []))
  const clean = (text: string) =>
    withoutAddresses(secrets.reduce((left, secret) => left.replaceAll(secret, HIDDEN), text))
  const serialize = (error: unknown, depth: number): LoggedError => {
    if (!(error instanceof Error)) return { name: 'Error', message: clean(String(error)) }
    const { name, message, stack, cause } = error
    const { code, meta } = error as { code?: unknown; meta?: { driverAdapterError?: unknown } }
    const inner = cause ?? meta?.driverAdapterError
    return {
      name: String(name),
      message: clean(String(message)),
      ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
      ...(typeof stack === 'string' ? { stack: clean(stack) } : {}),
      ...(inner != null && depth < MAX_CAUSES ? { cause: serialize(inner, depth + 1) } : {}),
    }
  }
  return (error: unknown): LoggedError => serialize(error, 0)
}

const HIDDEN = '[hidden]'

/** The parts of an address that must not be seen wherever they stand; the longest go first. */
function secretsIn(url: string): string[] {
  const { href, host, hostname, password } = new URL(url)
  const hidden = [url, href, password, decodeURIComponent(password)]
  // A name of one word, such as "localhost", also stands in texts that are about something else.
  if (/[.:]/.test(hostname)) hidden.push(host, hostname, hostname.replace(/^\[|\]$/g, ''))
  return hidden.filter((text) => text.length > 2).sort((a, b) => b.length - a.length)
}

/** Takes out addresses and names where the drivers' own words have them. */
function withoutAddresses(text: string): string {
  return text
    .replace(/\b(postgres(?:ql)?|rediss?):\/\/[^\s"'`]+/gi, `$1://${HIDDEN}`)
    .replace(/\b(E[A-Z]{4,}|EAI_AGAIN) [\w.:[\]%/-]+/g, `$1 ${HIDDEN}`)
    .replace(
      /\b(host|user|role|database|server at|credentials for)( name)? (["'`])[^"'`\n]*\3/gi,
      `$1$2 $3${HIDDEN}$3`,
    )
}
