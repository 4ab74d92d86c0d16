import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Configuration, Provider } from 'oidc-provider'

export interface IdentityProvider extends AsyncDisposable {
  readonly issuer: string
  /** The grant types of the requests for tokens so far. */
  readonly grants: string[]
  /** Accepts the screens of a gateway as its client; until then, it answers nothing. */
  admit(deskAddress: string): void
}

interface Options {
  role: string
  /** The lifetime of a token. */
  tokenSeconds: number
  hasRefreshTokens: boolean
  /** Whether codes have expired when they are used. */
  hasExpiredCodes: boolean
}

/** A real OpenID Connect provider on this machine: everybody signs in as anybody. */
export async function startIdentityProvider(options: Partial<Options> = {}): Promise<IdentityProvider> {
  let handle: RequestListener = (_request, response) => response.writeHead(503).end()
  const server = createServer((request, response) => handle(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const grants: string[] = []
  return {
    issuer,
    grants,
    admit(deskAddress) {
      const provider = new Provider(issuer, settingsFor(deskAddress, options))
      provider.on('grant.success', ({ oidc }) => grants.push(String(oidc.params?.grant_type)))
      if (options.hasExpiredCodes) provider.on('authorization_code.saved', (code) => void code.destroy())
      handle = provider.callback()
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The audience of the tokens, which the gateway requires. */
export const AUDIENCE = 'https://news.example/graphql'

function settingsFor(deskAddress: string, options: Partial<Options>): Configuration {
  const { role = 'moderator', tokenSeconds = 3600, hasRefreshTokens = false } = options
  return {
    clients: [
      {
        client_id: 'desk',
        token_endpoint_auth_method: 'none',
        redirect_uris: [`${deskAddress}/sign-in`, new URL('/sign-in', deskAddress).href],
        post_logout_redirect_uris: [deskAddress],
        grant_types: hasRefreshTokens ? ['authorization_code', 'refresh_token'] : ['authorization_code'],
        response_types: ['code'],
      },
    ],
    clientBasedCORS: () => true,
    pkce: { required: () => true },
    cookies: { keys: ['a key of the test'] },
    scopes: ['openid', 'profile'],
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    extraTokenClaims: () => ({ role, name: 'Nadia from the provider' }),
    issueRefreshToken: async () => hasRefreshTokens,
    ttl: {
      AuthorizationCode: 60,
      AccessToken: tokenSeconds,
      Grant: 3600,
      Session: 3600,
      Interaction: 3600,
      IdToken: 3600,
      RefreshToken: 3600,
    },
    features: {
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context: unknown, resource: string) => ({
          scope: '',
          audience: resource,
          accessTokenTTL: tokenSeconds,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  }
}
