import {
  type DocumentNode,
  type FieldNode,
  getOperationAST,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql'
import { MAX_TOKENS } from '../graphql/limits.ts'
import type { Charge } from './quota.ts'

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

/** The fields at the root of an operation that was validated: its fragments exist and do not include themselves. */
function rootFields({ selections }: SelectionSetNode, document: DocumentNode): FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection]
    if (selection.kind === Kind.INLINE_FRAGMENT) return rootFields(selection.selectionSet, document)
    const fragment = document.definitions.find(
      (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === selection.name.value,
    )
    return fragment?.kind === Kind.FRAGMENT_DEFINITION ? rootFields(fragment.selectionSet, document) : []
  })
}
