/** How the browser signs in at the outlet's identity provider. */
export interface OidcSettings {
  issuer: string
  clientId: string
  scope: string
  /** The resource that the access token is for (RFC 8707); null to leave it out. */
  resource: string | null
}
