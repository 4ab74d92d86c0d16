import type { AuthConfig } from '../../../src/config/authentication.ts'

// A gateway as in production, with the defaults of all settings that can have one.

/** What tokens for such a gateway are signed with. */
export const productionAuth = {
  kind: 'secret',
  secret: 'a secret of the benchmark, of at least 32 bytes',
  issuer: 'https://issuer.example',
  audience: 'dateline',
} as const satisfies AuthConfig

/** Its settings. An empty variable counts as unset, so it replaces what spawnGateway sets. */
export function productionSettings(databaseUrl: string): Record<string, string> {
  return {
    NODE_ENV: 'production',
    PUBLIC_URL: 'https://dateline.example',
    DATABASE_URL: databaseUrl,
    AUTH_SECRET: productionAuth.secret,
    AUTH_ISSUER: productionAuth.issuer,
    AUTH_AUDIENCE: productionAuth.audience,
    LOG_LEVEL: '',
    SUBMISSIONS_PER_MINUTE: '',
    SUBMISSIONS_PER_HOUR: '',
    FAILED_SIGN_INS_PER_MINUTE: '',
  }
}
