import { DomainError, SetupError } from '../base/errors.ts'
import { loadConfig } from '../config/config.ts'
import { errorSerializer, type LoggedError } from '../config/log.ts'
import { isRetryable } from '../db/retryable.ts'

/**
 * Runs a command and sets the exit code: the number that it returns, or 1 after a failure, which is printed on
 * standard error. Node itself would print all properties of an error, for example the database client with its
 * host and secret key.
 */
export async function runCommand(command: () => Promise<number>): Promise<void> {
  process.on('uncaughtException', (error) => {
    tell(error)
    process.exit(1)
  })
  try {
    process.exitCode = await command()
  } catch (error) {
    tell(error)
    process.exitCode = 1
  }
}

function tell(error: unknown): void {
  process.stderr.write(`${failureText(error)}\n`)
}

/** The text for a failure: the message if the user can correct it, otherwise one line. */
export function failureText(error: unknown): string {
  if (error instanceof SetupError || error instanceof DomainError) return error.message
  const advice = isRetryable(error)
    ? 'Run the command again once the database can be reached.'
    : 'Report this if it happens again.'
  return `Unexpected error: ${unexpectedText(error)}. ${advice}`
}

/** An unexpected error and its causes in one line, without addresses, users and passwords. */
export function unexpectedText(error: unknown): string {
  const serialize = errorSerializer({ databaseUrl: databaseUrl(), redisUrl: null })
  const texts: string[] = []
  for (let at: LoggedError | undefined = serialize(error); at; at = at.cause) {
    const text = `${lastLine(at.message) || at.name}${at.code === undefined ? '' : ` (${at.code})`}`
    if (!texts.includes(text)) texts.push(text)
  }
  return texts.join(', caused by: ')
}

/** Prisma's messages begin with the source code of the call; the reason comes last. */
function lastLine(message: string): string {
  return message.trim().split('\n').at(-1)?.trim().replace(/\.$/, '') ?? ''
}

function databaseUrl(): string | null {
  try {
    return loadConfig({ DATABASE_URL: process.env.DATABASE_URL }).databaseUrl
  } catch {
    return null
  }
}
