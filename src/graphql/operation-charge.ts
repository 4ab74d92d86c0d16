import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
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

const CHARGE_RULE = 'chargeRule'

/** Marks a root field that is free: `extensions: NEVER_CHARGED`. */
export const NEVER_CHARGED = { [CHARGE_RULE]: 'never' satisfies ChargeRule } as const

/** Marks a root field that returns removals even when a quota is used up. */
export const CHARGED_UNLESS_REMOVALS = { [CHARGE_RULE]: 'unless-removals' satisfies ChargeRule } as const

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
 * How an operation is charged: as its only root field says; a mutation is free if all of its fields are. So
 * acknowledgements, removals, pages of changes with only removals, and articles that must be removed are free.
 */
export function chargeRuleOf(
  schema: GraphQLSchema,
  query: string | undefined,
  operationName?: string | null,
): ChargeRule {
  const document = parse(query ?? '', { maxTokens: MAX_TOKENS, noLocation: true })
  const operation = getOperationAST(document, operationName)
  if (!operation) return 'always'
  const definitions = schema.getRootType(operation.operation)?.getFields()
  const [first = 'always', ...others] = rootFields(operation.selectionSet, document).map(({ name }) =>
    ruleIn(definitions?.[name.value]?.extensions),
  )
  if (others.length === 0) return first
  const isFree = operation.operation === 'mutation' && [first, ...others].every((rule) => rule === 'never')
  return isFree ? 'never' : 'always'
}

function ruleIn(extensions: Readonly<Record<string, unknown>> = {}): ChargeRule {
  const rule = extensions[CHARGE_RULE]
  return rule === 'never' || rule === 'unless-removals' ? rule : 'always'
}

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
