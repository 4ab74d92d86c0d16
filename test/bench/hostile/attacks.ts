import { channels } from './channels.ts'
import { documents } from './documents.ts'
import { post } from './requests.ts'
import type { Attack } from './send.ts'
import { variables } from './variables.ts'

/** Every class of attack by name. */
export const attacks: Record<string, Attack> = {
  ...variables,
  ...Object.fromEntries(
    Object.entries(documents).map(([name, query]) => [`document: ${name}`, post({ query })]),
  ),
  ...channels,
}
