import { notifyPublisher } from '../../src/bus/notify.ts'
import type { KeyKind, PrismaClient } from '../../src/db/client/client.ts'
import { addPartner as add } from '../../src/licensing/add-partner.ts'
import type { AdminDeps } from '../../src/licensing/admin-mutations.ts'
import { setLicence } from '../../src/licensing/licence.ts'
import { rotateKey } from '../../src/licensing/rotate-key.ts'
import type { QuotaInput } from '../../src/licensing/set-quota.ts'
import type { Terms } from '../../src/licensing/terms.ts'

/** A licence for everything but agencies' pictures. */
export const broadTerms: Partial<Terms> = {
  topics: ['*'],
  sections: ['*'],
  languages: ['*'],
  fullText: true,
  quotations: true,
  embeds: true,
}

interface PartnerDraft extends QuotaInput {
  slug?: string
  name?: string
  /** What differs from `broadTerms`. */
  licence?: Partial<Terms>
}

let count = 0

/** Adds a partner by the rules; returns its key for the header too. */
export async function addPartner(
  prisma: PrismaClient,
  { licence, ...draft }: PartnerDraft = {},
  now: () => Date = () => new Date(),
): Promise<{ id: string; slug: string; key: string }> {
  count += 1
  const slug = draft.slug ?? `partner-${count}`
  const { partner, key } = await add(
    { name: `Partner ${count}`, ...draft, slug, licence: { ...broadTerms, ...licence } },
    orders(prisma, now),
  )
  return { id: partner.id, slug, key: key.text }
}

/** Makes a partner another key; the older ones of its kind stay good. */
export async function addKey(
  prisma: PrismaClient,
  slug: string,
  kind: KeyKind,
  now: () => Date = () => new Date(),
): Promise<string> {
  return (await rotateKey({ slug, kind }, orders(prisma, now))).key.text
}

/** Changes a partner's licence by the rules. */
export async function relicense(
  prisma: PrismaClient,
  slug: string,
  terms: Partial<Terms>,
  now: () => Date = () => new Date(),
): Promise<void> {
  await setLicence({ slug, terms }, orders(prisma, now))
}

function orders(prisma: PrismaClient, now: () => Date): AdminDeps {
  return { bus: notifyPublisher(prisma), now, admin: 'test' }
}
