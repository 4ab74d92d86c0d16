import { parseArgs } from 'node:util'
import { SetupError } from '../../base/errors.ts'
import type { PrismaClient } from '../../db/client/client.ts'
import type { AdminDeps } from '../../licensing/admin-mutations.ts'

export interface CommandDeps extends AdminDeps {
  prisma: PrismaClient
}

/** A subcommand of `npm run partner`. */
export interface Subcommand {
  /** A short description for the list of subcommands. */
  summary: string
  /** Its arguments and options, with explanations. */
  usage: string
  /**
   * Parses the arguments before a database is opened.
   * @returns a function that runs the subcommand and returns its output
   * @throws SetupError for invalid arguments
   */
  read(args: string[]): (deps: CommandDeps) => Promise<string>
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>

/** The partner's slug, which comes first, and the options. */
export function readSlug<const O extends Options>(args: string[], options: O) {
  const { values, positionals } = readOptions(args, options)
  const [slug, ...more] = positionals
  if (slug === undefined || more.length > 0) throw new SetupError('Give the slug of one partner. See --help.')
  return { slug, values }
}

/** @throws SetupError for unknown options */
export function readOptions<const O extends Options>(args: string[], options: O) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true })
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    const [sentence = ''] = error.message.split(/\.?\s*\n|\. /)
    throw new SetupError(`${sentence}. See --help.`)
  }
}

/** The whole number that an option gives; undefined when it was not given. */
export function readNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,10}$/.test(text)) throw new SetupError(`${option} must be a whole number.`)
  return Number(text)
}

/** The text that shows a new key, once. */
export function keyText(key: string): string {
  return `${key}\nStore it now. It will not be shown again.\n`
}
