import { SetupError } from '../base/errors.ts'
import type { AuthConfig } from './authentication.ts'
import { anyText, issuerAddress, resourceIdentifier, signInScope } from './parse.ts'
import { type Environment, type SettingName, settingReader } from './settings.ts'

/** How people sign in at the outlet's identity provider in the browser: OpenID Connect, without a client secret. */
export interface SignInConfig {
  readonly issuer: string
  readonly clientId: string
  readonly scope: string
  /** The resource that access tokens are requested for (RFC 8707); null to request none. */
  readonly resource: string | null
}

/** @throws SetupError for a setting that is wrong, or that needs another one */
export function readSignIn(env: Environment, auth: AuthConfig): SignInConfig | null {
  const read = settingReader(env)
  const clientId = read('OIDC_CLIENT_ID', anyText)
  const issuer = read('OIDC_ISSUER', issuerAddress)
  const scope = read('OIDC_SCOPE', signInScope)
  const resource = read('OIDC_RESOURCE', resourceIdentifier)
  if (clientId === undefined) {
    const others: Partial<Record<SettingName, unknown>> = {
      OIDC_ISSUER: issuer,
      OIDC_SCOPE: scope,
      OIDC_RESOURCE: resource,
    }
    const [name] = Object.entries(others).find(([, value]) => value !== undefined) ?? []
    if (name) throw new SetupError(`${name} is set without OIDC_CLIENT_ID: set it too.`)
    return null
  }
  if (auth.kind !== 'jwks') {
    throw new SetupError(
      'OIDC_CLIENT_ID is set without AUTH_JWKS_URL: set it too, so that the tokens of the provider can be verified.',
    )
  }
  return {
    clientId,
    issuer: issuer ?? issuerOf(auth.issuer),
    scope: scope ?? 'openid profile',
    resource: resource === undefined ? identifierIn(auth.audience) : resource,
  }
}

function issuerOf(issuer: string): string {
  try {
    return issuerAddress(issuer)
  } catch {
    throw new SetupError(
      'OIDC_ISSUER is missing: AUTH_ISSUER is not an address, so set it to the address of your identity provider.',
    )
  }
}

/** Only an absolute URI can be a resource. */
function identifierIn(audience: string): string | null {
  try {
    return resourceIdentifier(audience)
  } catch {
    return null
  }
}
