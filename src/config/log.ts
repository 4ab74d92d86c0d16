import pino, { type Logger } from 'pino'
import { lineWriter } from '../base/line-writer.ts'
import { messageOf } from '../base/message-of.ts'
import type { Config } from './config.ts'

/** The most nested causes that are logged. */
const MAX_CAUSES = 5

/** The fields of an error and its causes that are logged. */
export interface LoggedError {
  name: string
  message: string
  code?: string | number
  stack?: string
  cause?: LoggedError
}

/** The log: one JSON object per line, on standard error. */
export function createLog(config: Pick<Config, 'logLevel' | 'databaseUrl' | 'redisUrl'>): Logger {
  return pino(
    { name: 'dateline', level: config.logLevel, serializers: { err: errorSerializer(config) } },
    lineWriter(2),
  )
}

/**
 * Serialises only the useful fields of an error: drivers attach their client, with the password, and the
 * values of the statement. Addresses, users and passwords are removed from the texts.
 */
export function errorSerializer({ databaseUrl, redisUrl }: Pick<Config, 'databaseUrl' | 'redisUrl'>) {
  const secrets = [databaseUrl, redisUrl].flatMap((url) => (url ? secretsIn(url) : []))
  const clean = (text: string) =>
    withoutAddresses(secrets.reduce((left, secret) => left.replaceAll(secret, HIDDEN), text))
  const serialize = (error: unknown, depth: number): LoggedError => {
    if (!(error instanceof Error)) return { name: 'Error', message: clean(messageOf(error)) }
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

/** The secret parts of an address, the longest first. */
function secretsIn(url: string): string[] {
  const { href, host, hostname, password } = new URL(url)
  const hidden = [url, href, password, decodeURIComponent(password)]
  // A host name of one word, such as "localhost", also occurs in unrelated texts.
  if (/[.:]/.test(hostname)) hidden.push(host, hostname, hostname.replace(/^\[|\]$/g, ''))
  return hidden.filter((text) => text.length > 2).sort((a, b) => b.length - a.length)
}

/** Removes addresses and names from the drivers' own messages. */
function withoutAddresses(text: string): string {
  return text
    .replace(/\b(postgres(?:ql)?|rediss?):\/\/[^\s"'`]+/gi, `$1://${HIDDEN}`)
    .replace(/\b(E[A-Z]{4,}|EAI_AGAIN) [\w.:[\]%/-]+/g, `$1 ${HIDDEN}`)
    .replace(
      /\b(host|user|role|database|server at|credentials for)( name)? (["'`])[^"'`\n]*\3/gi,
      `$1$2 $3${HIDDEN}$3`,
    )
}
