import { parseDurationSeconds } from '../../base/duration.ts'
import { SetupError } from '../../base/errors.ts'
import { rotateKey } from '../../licensing/rotate-key.ts'
import { keyText, readSlug, type Subcommand } from './subcommand.ts'

/** npm run partner -- rotate */
export const rotate: Subcommand = {
  summary: 'makes a new key, beside which the old ones stay good for a while',
  usage: `SLUG [--kind full|feed] [--overlap 24h]

  --kind       full, for the header, or feed, for the addresses of feeds; full unless told otherwise
  --overlap    how long the older keys of that kind stay good: 30s, 15m, 1h, 7d, or 0 to end them at
               once; 24h unless told otherwise`,
  read(args) {
    const { slug, values } = readSlug(args, { kind: { type: 'string' }, overlap: { type: 'string' } })
    const { kind = 'full', overlap: given = '24h' } = values
    if (kind !== 'full' && kind !== 'feed') throw new SetupError('--kind must be full or feed.')
    const overlap = given === '0' ? 0 : parseDurationSeconds(given)
    if (overlap === null)
      throw new SetupError('--overlap must be a number with a unit: 30s, 15m, 1h or 7d; or 0.')
    return async (deps) => {
      const order = { slug, kind: kind === 'full' ? 'FULL' : 'FEED', overlap } as const
      const { key, oldKeysExpireAt } = await rotateKey(order, deps)
      const old = oldKeysExpireAt
        ? `\nOlder keys of this kind are good until ${oldKeysExpireAt.toISOString()}.`
        : ''
      return `A new key of ${slug} for ${kind === 'full' ? 'the header' : 'feeds'}:\n${keyText(key.text).trimEnd()}${old}\n`
    }
  },
}
