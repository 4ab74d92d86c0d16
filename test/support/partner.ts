import type { Prisma, PrismaClient } from '../../src/db/client/client.ts'
import { addEndpoint } from '../../src/webhook/endpoint.ts'

let count = 0

/** A partner that may have everything, but for what the test says. Returns the key of its row. */
export async function addPartner(
  prisma: PrismaClient,
  terms: Partial<Prisma.LicenceUncheckedCreateWithoutPartnerInput> = {},
): Promise<string> {
  count += 1
  const { id } = await prisma.partner.create({
    data: {
      slug: `partner-${count}`,
      name: `Partner ${count}`,
      createdAt: new Date(),
      licence: {
        create: {
          topics: ['*'],
          sections: ['*'],
          languages: ['*'],
          agencies: [],
          fullText: true,
          quotations: true,
          embeds: true,
          attribution: 'From Dateline.',
          ...terms,
        },
      },
    },
  })
  return id
}

/** An endpoint of a partner on this machine; it is told of what happens from now on. */
export async function addHook(
  prisma: PrismaClient,
  partnerId: string,
  url: string,
  now: () => Date = () => new Date(),
): Promise<{ id: string; secret: string }> {
  const { endpoint, secret } = await addEndpoint({ partnerId, url }, { prisma, now, allowLoopback: true })
  return { id: endpoint.id, secret }
}
