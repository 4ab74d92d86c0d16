import type { OidcSettings } from '../sign-in/settings.ts'

/** What the gateway starts the desk with, in the page's element #settings. */
export interface DeskSettings {
  /** The path under which the gateway is served, without a trailing slash. */
  base: string
  outlet: string
  /** Whether the gateway serves the pages of stories. */
  hasPages: boolean
  /** Whether there are sample identities to sign in as. */
  hasSampleIdentities: boolean
  /** How to sign in at the outlet's identity provider; null if it is not set up. */
  oidc: OidcSettings | null
}
