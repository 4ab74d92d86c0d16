import { failureText } from '../../src/cli/command-line.ts'
import { runPartnerCommand } from '../../src/cli/partner/run.ts'
import type { Finished } from './processes.ts'

/** Runs `npm run partner` in this process, which saves the start of one: several seconds on the embedded database. */
export async function partnerCommand(args: string[], env: NodeJS.ProcessEnv): Promise<Finished> {
  try {
    return { code: 0, stdout: await runPartnerCommand(args, env), stderr: '' }
  } catch (error) {
    return { code: 1, stdout: '', stderr: `${failureText(error)}\n` }
  }
}

/** The words of a line of a shell script, in which words may be quoted and nothing else is special. */
export function shellWords(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  )
}
