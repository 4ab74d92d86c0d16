import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import type { AuthConfig } from '../../src/config/authentication.ts'

/** An outlet's identity provider: real keys, served over HTTP, and the tokens that it signs with them. */
export async function startProvider() {
  const issuer = 'https://id.example.org'
  const audience = 'news.example.org'
  const published: object[] = []
  const provider = {
    issuer,
    audience,
    auth: { kind: 'jwks', url: '', issuer, audience } satisfies AuthConfig as AuthConfig,
    /** How often the keys were asked for. */
    requests: 0,
    /** Answers like this instead of with the keys. */
    failure: null as { status: number; body: string } | null,
    addKey,
    stop,
    [Symbol.asyncDispose]: stop,
  }
  const server = createServer((_request, response) => {
    provider.requests += 1
    const { status, body } = provider.failure ?? { status: 200, body: JSON.stringify({ keys: published }) }
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  provider.auth = { kind: 'jwks', url: `http://127.0.0.1:${port}/keys`, issuer, audience }
  return provider

  /** Makes a key pair, publishes its public half, and returns what signs with the other. */
  async function addKey(kid: string, alg = 'ES256') {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
    published.push({ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' })
    return {
      kid,
      publicPem: await exportSPKI(publicKey),
      /** A token with these claims in place of the usual ones; undefined leaves one out. */
      sign: (claims: JWTPayload = {}) =>
        new SignJWT({ ...usualClaims({ iss: issuer, aud: audience }), ...claims })
          .setProtectedHeader({ alg, kid })
          .sign(privateKey),
    }
  }

  async function stop() {
    if (!server.listening) return
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
}

/** The claims of an ordinary reader's token, good for an hour. */
export function usualClaims(claims: JWTPayload): JWTPayload {
  return { sub: 'reader-1', exp: Math.floor(Date.now() / 1000) + 3600, ...claims }
}
