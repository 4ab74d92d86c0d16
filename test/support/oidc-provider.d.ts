/** What the tests use of the package, which has no types of its own. */
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http'

  export type Configuration = Readonly<Record<string, unknown>>

  export class Provider {
    constructor(issuer: string, configuration: Configuration)
    callback(): RequestListener
    on(
      event: 'grant.success',
      listener: (context: { oidc: { params?: Readonly<Record<string, unknown>> } }) => void,
    ): this
    on(event: 'authorization_code.saved', listener: (code: { destroy(): Promise<void> }) => void): this
  }
}
