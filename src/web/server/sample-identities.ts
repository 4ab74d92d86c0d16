import type { IncomingMessage, ServerResponse } from 'node:http'
import { signToken } from '../../auth/sign.ts'
import type { Role } from '../../auth/viewer.ts'
import type { Config } from '../../config/config.ts'
import { isLoopbackHost } from '../../http/loopback-host.ts'
import { respondJson, respondText } from '../../http/respond.ts'

/** The lifetime of a token of a sample identity, in seconds. */
const TOKEN_TTL_SECONDS = 24 * 3600

/** The users that a developer can sign in as. */
const IDENTITIES: readonly { role: Role; name: string }[] = [
  { role: 'reader', name: 'Sample reader' },
  { role: 'reader', name: 'Second sample reader' },
  { role: 'moderator', name: 'Sample moderator' },
  { role: 'moderator', name: 'Second sample moderator' },
  { role: 'editor', name: 'Sample editor' },
  { role: 'admin', name: 'Sample administrator' },
]

/**
 * Sends the sample identities with a new token for each: `[{ role, name, token }]`. Only in development, and only to
 * pages under a loopback name: a site that points its own name to this machine (DNS rebinding) could read them.
 */
export function serveSampleIdentities({ auth, dataDir }: Config) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (auth.kind !== 'development' || !isLoopbackHost(request)) {
      return respondText(response, 404, 'There are no sample identities: sign in at the identity provider.', {
        'cache-control': 'no-store',
      })
    }
    const identities = await Promise.all(
      IDENTITIES.map(async ({ role, name }) => ({
        role,
        name,
        token: await signToken({ auth, dataDir, role, name, ttlSeconds: TOKEN_TTL_SECONDS }),
      })),
    )
    respondJson(response, 200, identities)
  }
}
