import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql'
import type { Charge } from '../licensing/quota.ts'
import { MAX_TOKENS } from './limits.ts'

/**
 * How an operation is charged to a partner's quotas: always; unless it returns only removals, and with only
 * removals when a quota is used up; or never.
 */
export type ChargeRule = 'always' | 'unless-removals' | 'never'

/** What an operation was charged; the resolver of `changes` reads it. */
export interface OperationCharge extends Charge {
  /** Charges again, when a subscription that began with a quota used up continues after the quota has reset. */
  again: (at: Date) => Promise<OperationCharge>
}

/**
 * Charges an operation to a partner.
 * @returns null for an operation that is never charged
 * @throws QuotaExceeded for an operation that is refused when a quota is used up; TemporarilyUnavailable
 */
export async function chargeOperation(
  rule: ChargeRule,
  take: (at?: Date) => Promise<Charge>,
): Promise<OperationCharge | null> {
  if (rule === 'never') return null
  const taken = await take()
  if (taken.exceeded && rule === 'always') throw taken.exceeded
  const again = async (at: Date) => ({ ...(await take(at)), again })
  return { ...taken, again }
}

/**
 * How an operation is charged. Acknowledgements, removals, pages of changes with only removals, and
 * articles that must be removed are free.
 */
export function chargeRuleOf(query: string | undefined, operationName?: string | null): ChargeRule {
  const document = parse(query ?? '', { maxTokens: MAX_TOKENS, noLocation: true })
  const operation = getOperationAST(document, operationName)
  if (!operation) return 'always'
  const names = rootFields(operation.selectionSet, document).map(({ name }) => name.value)
  if (operation.operation === 'mutation') {
    return names.every((name) => name === 'acknowledge') ? 'never' : 'always'
  }
  if (names.length === 1 && names[0] === 'removals') return 'never'
  return names.length === 1 && RETURN_REMOVALS.has(names[0] as string) ? 'unless-removals' : 'always'
}

/** Root fields that return removals even when a quota is used up. */
const RETURN_REMOVALS: ReadonlySet<string> = new Set(['changes', 'licensedArticleResult'])

/**
 * The root fields of an operation. Each fragment is visited once: the document is not validated yet, and its
 * fragments may include each other.
 */
function rootFields(selectionSet: SelectionSetNode, document: DocumentNode): FieldNode[] {
  const fields: FieldNode[] = []
  const seen = new Set<string>()
  const known = fragments(document)
  const waiting = [selectionSet]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const selection of next.selections) {
      if (selection.kind === Kind.FIELD) fields.push(selection)
      else if (selection.kind === Kind.INLINE_FRAGMENT) waiting.push(selection.selectionSet)
      else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value)
        const fragment = known.get(selection.name.value)
        if (fragment) waiting.push(fragment.selectionSet)
      }
    }
  }
  return fields
}

function fragments({ definitions }: DocumentNode): Map<string, FragmentDefinitionNode> {
  return new Map(
    definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [],
    ),
  )
}
