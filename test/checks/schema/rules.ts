import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Finding, lint, type RuleOptions, ruleNames } from './linters.ts'
import { currentSchema } from './released.ts'

// Checks schema/schema.graphql with the rules of graphql-eslint and graphql-schema-linter. docs/schema-rules.md is
// the configuration: which rules are off, the options of others, and the exceptions.

const PAGE = 'docs/schema-rules.md'

export interface RulesPage {
  /** Rules that are not used. */
  readonly off: readonly string[]
  readonly options: RuleOptions
  /** Elements that may break a rule. */
  readonly exceptions: readonly { readonly rule: string; readonly element: string }[]
}

/**
 * Reads the tables of the page. Each row names a rule; in the third table, also the elements.
 * @throws Error if a row has no reason
 */
export function readRulesPage(text: string): RulesPage {
  return {
    off: rowsOf(text, 'Rules that are off').map(([rule]) => codes(rule)[0] as string),
    options: new Map(
      rowsOf(text, 'Options').map(([rule, options]) => [
        codes(rule)[0] as string,
        JSON.parse(codes(options).join('')),
      ]),
    ),
    exceptions: rowsOf(text, 'Exceptions').flatMap(([rule, elements]) =>
      codes(elements).map((element) => ({ rule: codes(rule)[0] as string, element })),
    ),
  }
}

function rowsOf(text: string, heading: string): string[][] {
  const section = text.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('| `'))
  return rows.map((line) => {
    const cells = line.split('|').slice(1, -1)
    if (!cells.at(-1)?.trim()) throw new Error(`${PAGE}: a row has no reason: ${line}`)
    return cells
  })
}

/** The texts in backticks. */
function codes(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code as string)
}

/** What is wrong with a schema, or with the page: one line each. */
export function ruleProblems(sdl: string, page: RulesPage, rules: readonly string[] = ruleNames()): string[] {
  const { off, options, exceptions } = page
  const findings = lint(sdl, options).filter(({ rule }) => !off.includes(rule))
  const isOf = (finding: Finding) => (exception: { rule: string; element: string }) =>
    exception.rule === finding.rule && exception.element === finding.element
  const named = [...off, ...options.keys(), ...exceptions.map(({ rule }) => rule)]
  return [
    ...findings
      .filter((finding) => !exceptions.some(isOf(finding)))
      .map(
        ({ rule, element, message }) =>
          `${element}: ${message.replace(/\.$/, '')} (${rule}). Correct it, or explain it under "Exceptions" in ${PAGE}.`,
      ),
    ...exceptions
      .filter((exception) => !findings.some((finding) => isOf(finding)(exception)))
      .map(({ rule, element }) => `${PAGE}: ${element} no longer breaks ${rule}. Remove the exception.`),
    ...new Set(
      named
        .filter((rule) => !rules.includes(rule))
        .map((rule) => `${PAGE}: the linters have no rule ${rule}.`),
    ),
  ]
}

/** The page with the rules of this repository. */
export function rulesPage(): RulesPage {
  return readRulesPage(readFileSync(join(import.meta.dirname, '../../..', PAGE), 'utf8'))
}

if (import.meta.main) {
  const problems = ruleProblems(currentSchema(), rulesPage())
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
}
