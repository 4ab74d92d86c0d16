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
 * How an operation counts against a partner's quotas: always; only when it brings more than removals, and with
 * removals alone once a quota is used up; or never.
 */
export type ChargeRule = 'always' | 'unless-removals' | 'never'

/** What a partner's operation was charged; the resolver of `changes` reads it. */
export interface OperationCharge extends Charge {
  /** Charges again: a subscription that began with a quota used up does so when the quota begins anew. */
  again: (at: Date) => Promise<OperationCharge>
}

/**
 * Charges a partner for an operation.
 * @returns null for an operation that never counts
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

/** How an operation counts. Acknowledgements never do, and neither does a look at changes that finds only removals. */
export function chargeRuleOf(query: string | undefined, operationName?: string | null): ChargeRule {
  const document = parse(query ?? '', { maxTokens: MAX_TOKENS, noLocation: true })
  const operation = getOperationAST(document, operationName)
  if (!operation) return 'always'
  const names = rootFields(operation.selectionSet, document).map(({ name }) => name.value)
  if (operation.operation === 'mutation') {
    return names.every((name) => name === 'acknowledge') ? 'never' : 'always'
  }
  if (names.length === 1 && names[0] === 'removals') return 'never'
  return names.length === 1 && names[0] === 'changes' ? 'unless-removals' : 'always'
}

/**
 * The fields at the root of an operation. Each fragment is looked through once, however often it is spread: the
 * document has not been validated yet, and fragments may include each other.
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
