import type { OutgoingHttpHeaders } from 'node:http'
import type { Config } from '../../config/config.ts'

/** What a page may load besides files of this origin. */
export interface PagePolicy {
  /** Origins that scripts may send requests to. */
  connect?: readonly string[]
  /** Whether images of other hosts are shown: articles have addresses of the outlet's own images. */
  hasImages?: boolean
  /** Style elements with this nonce apply: a library of the page inserts some. A new one for each response. */
  styleNonce?: string
}

/** The origins that scripts ask for tokens: the issuer of the outlet's identity provider. */
export function signInOrigins({ signIn }: Config): string[] {
  return signIn ? [new URL(signIn.issuer).origin] : []
}

/**
 * The security headers of a page. Only files of this origin run and style the page: nothing that a comment or an
 * article contains is executed (Content Security Policy Level 3). No other site can frame the page.
 */
export function pageHeaders({
  connect = [],
  hasImages = false,
  styleNonce,
}: PagePolicy = {}): OutgoingHttpHeaders {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${styleNonce ? ` 'nonce-${styleNonce}'` : ''}`,
    `img-src 'self' data:${hasImages ? ' https: http:' : ''}`,
    "font-src 'self'",
    `connect-src ${["'self'", ...connect].join(' ')}`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]
  return {
    'content-security-policy': policy.join('; '),
    'referrer-policy': 'strict-origin-when-cross-origin',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'x-frame-options': 'DENY',
  }
}
