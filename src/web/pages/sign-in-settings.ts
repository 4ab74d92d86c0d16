import type { SignInFailure } from '../sign-in/oidc.ts'
import type { OidcSettings } from '../sign-in/settings.ts'

/** What the script of the pages needs to sign readers in. */
export interface SignInSettings {
  oidc: OidcSettings
  /** The path to which the provider returns the reader. */
  returnPath: string
  texts: Readonly<Record<SignInFailure | 'back' | 'tryAgain' | 'dismiss', string>>
}
