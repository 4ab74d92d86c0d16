import { isIP } from 'node:net'
import { parseDurationSeconds } from '../base/duration.ts'
import { isLoopback } from './loopback.ts'

/** Parses the text of a setting, or throws an InvalidSetting that says how to correct it. */
export type Parse<T> = (text: string) => T

/** The rest of a sentence that starts with the setting's name. It never repeats secrets. */
export class InvalidSetting extends Error {}

export const anyText: Parse<string> = (text) => text.trim()

export function oneOf<const T extends string>(...choices: T[]): Parse<T> {
  return (text) => {
    const found = choices.find((choice) => choice === text.trim())
    if (found === undefined)
      throw new InvalidSetting(`is ${quote(text)}: set it to one of ${choices.join(', ')}.`)
    return found
  }
}

export const onOrOff: Parse<boolean> = (text) => oneOf('on', 'off')(text) === 'on'

export const portNumber: Parse<number> = (text) => {
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : Number.NaN
  if (!(port <= 65_535)) {
    throw new InvalidSetting(`is ${quote(text)}: set it to a number from 1 to 65535, or 0 for any free port.`)
  }
  return port
}

export const hostName: Parse<string> = (text) => {
  const host = text.trim()
  if (isIP(host) === 0 && !/^[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(host)) {
    throw new InvalidSetting(
      `is ${quote(text)}: set it to an address or a host name without a port, such as 127.0.0.1, ::1 or 0.0.0.0.`,
    )
  }
  return host
}

export const publicAddress: Parse<string> = (text) => {
  const url = webAddress(text)
  if (!url || url.search || url.hash) {
    throw new InvalidSetting(
      'is not a valid URL: set it to an absolute URL such as https://news.example.org.',
    )
  }
  return url.href.replace(/\/+$/, '')
}

export const originList: Parse<'*' | readonly string[]> = (text) => {
  if (text.trim() === '*') return '*'
  const origins = text.split(',').map((part) => {
    const url = webAddress(part)
    if (url?.pathname !== '/' || url.search || url.hash || url.hostname.includes('*')) {
      throw new InvalidSetting(
        `contains ${quote(part)}: list origins such as https://www.example.org, separated by commas, or a single *.`,
      )
    }
    return url.origin
  })
  return Object.freeze(origins)
}

export const postgresAddress: Parse<string> = (text) => {
  const address = text.trim()
  if (!/^postgres(ql)?:\/\//i.test(address) || !URL.canParse(address)) {
    throw new InvalidSetting(
      'is not a PostgreSQL URL: set it to postgres://user:password@host:5432/database, with special characters percent-encoded.',
    )
  }
  return address
}

export const redisAddress: Parse<string> = (text) => {
  const address = text.trim()
  const url = /^rediss?:\/\//i.test(address) && URL.canParse(address) ? new URL(address) : null
  if (!url?.hostname || !/^(\/\d*)?$/.test(url.pathname) || url.search || url.hash) {
    throw new InvalidSetting(
      'is not a Redis URL: set it to redis://user:password@host:6379, or rediss:// for TLS, with special characters percent-encoded.',
    )
  }
  return address
}

export const jwksAddress: Parse<string> = (text) => {
  const url = webAddress(text)
  if (!url) {
    throw new InvalidSetting(
      'is not a valid URL: set it to the JWKS URL of your identity provider, starting with https://.',
    )
  }
  // Anyone who can change the response on its way could sign in as anybody.
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new InvalidSetting(
      'must start with https://, because the keys that it serves decide who can sign in.',
    )
  }
  return url.href
}

/** The issuer of an OpenID Connect provider: its configuration is read at a path below it. */
export const issuerAddress: Parse<string> = (text) => {
  const url = webAddress(text)
  if (!url || url.search || url.hash) {
    throw new InvalidSetting(
      'is not a valid URL: set it to the issuer of your identity provider, starting with https://.',
    )
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new InvalidSetting('must start with https://, because people sign in there.')
  }
  return text.trim()
}

export const signInScope: Parse<string> = (text) => {
  const scopes = text.trim().split(/\s+/)
  if (!scopes.includes('openid')) {
    throw new InvalidSetting('must contain "openid": set it to scopes separated by spaces.')
  }
  return scopes.join(' ')
}

/** A resource of RFC 8707: an absolute URI without a fragment; null for `off`. */
export const resourceIdentifier: Parse<string | null> = (text) => {
  const resource = text.trim()
  if (resource === 'off') return null
  if (!/^[a-z][a-z0-9+.-]*:\S+$/i.test(resource) || resource.includes('#')) {
    throw new InvalidSetting('must be an absolute URI such as https://news.example.org/graphql, or "off".')
  }
  return resource
}

export const sharedSecret: Parse<string> = (text) => {
  if (Buffer.byteLength(text) < 32) {
    throw new InvalidSetting(
      'is too short: use at least 32 bytes, for example from "openssl rand -base64 48".',
    )
  }
  return text
}

/** A bearer token (RFC 6750, 2.1), long enough not to be guessed. */
export const metricsToken: Parse<string> = (text) => {
  const token = text.trim()
  if (!/^[\w.~+/-]{16,200}=*$/.test(token)) {
    throw new InvalidSetting(
      'is not a valid token: use 16 to 200 letters, digits or -._~+/, for example from "openssl rand -hex 24".',
    )
  }
  return token
}

/** At most an hour, as "5s" or "1m", or "0"; in ms. */
export const delay: Parse<number> = (text) => {
  if (/^0s?$/.test(text.trim())) return 0
  const seconds = parseDurationSeconds(text.trim())
  if (seconds === null || seconds > 3_600) {
    throw new InvalidSetting(
      `is ${quote(text)}: set it to a duration of at most an hour such as 5s or 1m, or to 0.`,
    )
  }
  return seconds * 1_000
}

/** IP addresses or CIDR ranges, separated by commas. */
export const addressList: Parse<readonly string[]> = (text) => {
  const addresses = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
  for (const part of addresses) {
    const [address = '', bits, more] = part.split('/')
    const version = isIP(address)
    const width = version === 6 ? 128 : 32
    const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= width)
    if (version === 0 || !fits || more !== undefined) {
      throw new InvalidSetting(
        `contains ${quote(part)}: list IP addresses or ranges such as 10.0.0.0/8, separated by commas.`,
      )
    }
  }
  return Object.freeze(addresses)
}

/** A positive whole number. */
export const count: Parse<number> = (text) => {
  const number = Number(text)
  if (!/^\d+$/.test(text.trim()) || !Number.isSafeInteger(number) || number < 1) {
    throw new InvalidSetting(`is ${quote(text)}: set it to a whole number above 0.`)
  }
  return number
}

export const countOrZero: Parse<number> = (text) => (text.trim() === '0' ? 0 : count(text))

/** A gateway that has lost a hint may itself be late by a second: five seconds in all. */
export const cdnMaxAge: Parse<number> = (text) => {
  if (!/^[0-4]$/.test(text.trim())) {
    throw new InvalidSetting(
      `is ${quote(text)}: set it to a number of seconds from 1 to 4, or to 0 if a CDN must not hold responses.`,
    )
  }
  return Number(text)
}

export const purgeAddress: Parse<string> = (text) => {
  const url = webAddress(text)
  if (!url || url.hash) {
    throw new InvalidSetting(
      'is not a valid URL: set it to an absolute URL without a user name, such as http://127.0.0.1:6090/purge.',
    )
  }
  return url.href
}

/** Secrets of Standard Webhooks, separated by spaces. */
export const webhookSecrets: Parse<readonly string[]> = (text) => {
  const secrets = text.trim().split(/\s+/)
  const isValid = (secret: string) => {
    const [, base64 = ''] = /^whsec_([A-Za-z\d+/]+={0,2})$/.exec(secret) ?? []
    const { length } = Buffer.from(base64, 'base64')
    return length >= 24 && length <= 64
  }
  if (!secrets.every(isValid)) {
    throw new InvalidSetting(
      'is not a valid secret: use "whsec_" and 24 to 64 bytes in base64, for example from "echo whsec_$(openssl rand -base64 32)".',
    )
  }
  return Object.freeze(secrets)
}

/** An absolute http or https URL without credentials; null for any other text. */
function webAddress(text: string): URL | null {
  if (!/^https?:\/\//i.test(text.trim()) || !URL.canParse(text.trim())) return null
  const url = new URL(text.trim())
  return url.username || url.password ? null : url
}

/** Quotes a text in one line of limited length, without credentials. */
function quote(text: string): string {
  const bare = text.replace(/\/\/.*@/s, '//…@')
  return JSON.stringify(bare.length > 60 ? `${bare.slice(0, 60)}…` : bare)
}
