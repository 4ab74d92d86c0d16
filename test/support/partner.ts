import { notifyAnnouncer } from '../../src/bus/notify.ts'
import type { PrismaClient } from '../../src/db/client/client.ts'
import { addPartner } from '../../src/partner/add.ts'
import { setLicence } from '../../src/partner/licence.ts'
import type { Terms } from '../../src/partner/terms.ts'

let count = 0

/** A licence that covers every story, without anybody's pictures. */
export const wholeText: Partial<Terms> = {
  topics: ['*'],
  sections: ['*'],
  languages: ['*'],
  fullText: true,
  quotations: true,
  embeds: true,
}

export interface TestPartner {
  id: string
  slug: string
  /** The key for the header. */
  key: string
  /** Gives it another licence. */
  relicense(terms: Partial<Terms>, now?: () => Date): Promise<unknown>
}

/** A partner with quotas that no test reaches. */
export async function partnerOf(
  prisma: PrismaClient,
  licence: Partial<Terms> = wholeText,
  now = () => new Date(),
): Promise<TestPartner> {
  count += 1
  const slug = `partner-${count}`
  const deps = { bus: notifyAnnouncer(prisma), now, admin: 'test' }
  const quota = { quotaPerMinute: 1_000_000, quotaPerDay: 1_000_000 }
  const { partner, key } = await addPartner({ slug, name: `Partner ${count}`, licence, ...quota }, deps)
  return {
    id: partner.id,
    slug,
    key: key.text,
    relicense: (terms, at = now) => setLicence({ slug, terms }, { ...deps, now: at }),
  }
}
