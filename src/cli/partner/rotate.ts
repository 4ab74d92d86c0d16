import { parseDurationSeconds } from '../../base/duration.ts'
import { SetupError } from '../../base/errors.ts'
import { rotateKey } from '../../licensing/rotate-key.ts'
import { keyText, readSlug, type Subcommand } from './subcommand.ts'

/** npm run partner -- rotate */
export const rotate: Subcommand = {
  summary: 'creates a new API key; older keys stay valid for the overlap',
  usage: `SLUG [--kind full|feed] [--overlap 24h]

  --kind       full (for the Authorization header) or feed (for feed URLs); default full
  --overlap    how long older keys of the same kind stay valid: 30s, 15m, 1h, 7d, or 0 to expire
               them now; default 24h`,
  read(args) {
    const { slug, values } = readSlug(args, { kind: { type: 'string' }, overlap: { type: 'string' } })
    const { kind = 'full', overlap: given = '24h' } = values
    if (kind !== 'full' && kind !== 'feed') throw new SetupError('--kind must be full or feed.')
    const overlap = given === '0' ? 0 : parseDurationSeconds(given)
    if (overlap === null)
      throw new SetupError('--overlap must be a number with a unit, such as 30s, 15m, 1h or 7d, or 0.')
    return async (deps) => {
      const order = { slug, kind: kind === 'full' ? 'FULL' : 'FEED', overlap } as const
      const { key, oldKeysExpireAt } = await rotateKey(order, deps)
      const old = oldKeysExpireAt
        ? `\nOlder keys of this kind expire at ${oldKeysExpireAt.toISOString()}.`
        : ''
      return `A new key of ${slug} for ${kind === 'full' ? 'the Authorization header' : 'feeds'}:\n${keyText(key.text).trimEnd()}${old}\n`
    }
  },
}
