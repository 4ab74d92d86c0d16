import * as oauth from 'oauth4webapi'
import type { SignIn } from './session.ts'
import type { OidcSettings } from './settings.ts'

/** Why a sign-in failed: each has a text that says what to do. */
export type SignInFailure = 'denied' | 'stale' | 'unreachable' | 'refused'

export class SignInError extends Error {
  readonly failure: SignInFailure
  constructor(failure: SignInFailure, options?: ErrorOptions) {
    super(`The sign-in failed: ${failure}`, options)
    this.failure = failure
  }
}

/** What is kept in sessionStorage while the user is at the provider. */
interface Attempt {
  state: string
  nonce: string
  verifier: string
  returnTo: string
}

const ATTEMPT = 'dateline-sign-in-attempt'

/**
 * Sends the user to the provider: authorization code with PKCE (RFC 7636). No secret is needed.
 * @param returnTo the path to show after the sign-in
 * @throws SignInError if the provider can't be reached
 */
export async function startSignIn(
  settings: OidcSettings,
  redirectUri: string,
  returnTo: string,
): Promise<void> {
  const provider = await discover(settings)
  if (!provider.authorization_endpoint) throw new SignInError('unreachable')
  const attempt: Attempt = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
    returnTo,
  }
  sessionStorage.setItem(ATTEMPT, JSON.stringify(attempt))
  const url = new URL(provider.authorization_endpoint)
  const parameters = {
    client_id: settings.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: settings.scope,
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(attempt.verifier),
    code_challenge_method: 'S256',
    ...(settings.resource === null ? {} : { resource: settings.resource }),
    // Providers give a refresh token for this scope only with consent (OpenID Connect Core, 11).
    ...(settings.scope.split(' ').includes('offline_access') ? { prompt: 'consent' } : {}),
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  location.assign(url)
}

/**
 * Finishes a sign-in at the address to which the provider returned the user. An attempt can be finished once.
 * @throws SignInError
 */
export async function finishSignIn(
  settings: OidcSettings,
  redirectUri: string,
  address: URL,
): Promise<{ signIn: SignIn; returnTo: string }> {
  const attempt = takeAttempt()
  if (!attempt || address.searchParams.get('state') !== attempt.state) throw new SignInError('stale')
  const provider = await discover(settings)
  try {
    const client = { client_id: settings.clientId }
    const parameters = oauth.validateAuthResponse(provider, client, address, attempt.state)
    const response = await oauth.authorizationCodeGrantRequest(
      provider,
      client,
      oauth.None(),
      parameters,
      redirectUri,
      attempt.verifier,
      { ...insecureIf(settings), additionalParameters: resourceOf(settings) },
    )
    const tokens = await oauth.processAuthorizationCodeResponse(provider, client, response, {
      expectedNonce: attempt.nonce,
      requireIdToken: true,
    })
    return { signIn: signInFrom(tokens), returnTo: attempt.returnTo }
  } catch (error) {
    throw failureOf(error)
  }
}

/**
 * Renews a token with its refresh token.
 * @returns null if the provider refuses
 * @throws SignInError if the provider can't be reached, or is out of order
 */
export async function renewSignIn(settings: OidcSettings, signIn: SignIn): Promise<SignIn | null> {
  if (!signIn.refreshToken) return null
  const provider = await discover(settings)
  const client = { client_id: settings.clientId }
  try {
    const response = await oauth.refreshTokenGrantRequest(
      provider,
      client,
      oauth.None(),
      signIn.refreshToken,
      {
        ...insecureIf(settings),
        additionalParameters: resourceOf(settings),
      },
    )
    const tokens = await oauth.processRefreshTokenResponse(provider, client, response)
    return { ...signIn, ...signInFrom(tokens) }
  } catch (error) {
    if (isRefusal(error)) return null
    throw new SignInError('unreachable', { cause: error })
  }
}

/** The provider's address that ends its own session, if it has one (OpenID Connect RP-Initiated Logout). */
export async function signOutAddress(settings: OidcSettings, returnTo: string): Promise<URL | null> {
  const provider = await discover(settings).catch(() => null)
  if (!provider?.end_session_endpoint) return null
  const url = new URL(provider.end_session_endpoint)
  // Without an id token: addresses are in histories and logs.
  url.searchParams.set('client_id', settings.clientId)
  url.searchParams.set('post_logout_redirect_uri', returnTo)
  return url
}

async function discover(settings: OidcSettings): Promise<oauth.AuthorizationServer> {
  try {
    const issuer = new URL(settings.issuer)
    const response = await oauth.discoveryRequest(issuer, insecureIf(settings))
    return await oauth.processDiscoveryResponse(issuer, response)
  } catch (error) {
    throw new SignInError('unreachable', { cause: error })
  }
}

/** http is accepted for a provider on this machine only: the gateway refuses other settings. */
function insecureIf({ issuer }: OidcSettings) {
  return { [oauth.allowInsecureRequests]: issuer.startsWith('http:') }
}

function resourceOf({ resource }: OidcSettings): Record<string, string> {
  return resource === null ? {} : { resource }
}

function takeAttempt(): Attempt | null {
  const text = sessionStorage.getItem(ATTEMPT)
  sessionStorage.removeItem(ATTEMPT)
  return text === null ? null : (JSON.parse(text) as Attempt)
}

function signInFrom(tokens: oauth.TokenEndpointResponse): SignIn {
  const { access_token: token, refresh_token: refreshToken, expires_in: seconds } = tokens
  return {
    token,
    receivedAt: Date.now(),
    expiresAt: seconds === undefined ? Number.MAX_SAFE_INTEGER : Date.now() + seconds * 1000,
    ...(refreshToken === undefined ? {} : { refreshToken }),
  }
}

/** The errors with which a provider refuses for good (RFC 6749, 5.2). */
const REFUSALS: ReadonlySet<string> = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
])

function isRefusal(error: unknown): boolean {
  return error instanceof oauth.ResponseBodyError && error.status < 500 && REFUSALS.has(error.error)
}

function failureOf(error: unknown): SignInError {
  if (error instanceof SignInError) return error
  if (error instanceof oauth.AuthorizationResponseError) {
    return new SignInError(error.error === 'access_denied' ? 'denied' : 'refused', { cause: error })
  }
  // fetch rejects with a TypeError if there is no connection.
  const isNetwork = error instanceof TypeError && !('code' in error)
  return new SignInError(isNetwork ? 'unreachable' : 'refused', { cause: error })
}
