import { DomainError, SetupError } from '../base/errors.ts'
import { loadConfig } from '../config/config.ts'
import { errorSerializer, type LoggedError } from '../config/log.ts'
import { isRetryable } from '../db/retryable.ts'

/**
 * Runs a command and sets the exit code: what it returns, or 1 after a failure, which standard error tells. Node
 * would print whatever hangs on an error: the database driver's client among it, with its host and secret key.
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

/** What a command prints of a failure: our own words for what its user can correct, one line for anything else. */
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
