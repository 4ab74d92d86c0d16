import type { PrismaClient } from '../../src/db/client/client.ts'
import { addEndpoint } from '../../src/webhooks/endpoint.ts'

/** An endpoint of a partner, which is named by its slug, on this machine; it is told of what happens from now on. */
export async function addHook(
  prisma: PrismaClient,
  partner: string,
  url: string,
  now: () => Date = () => new Date(),
): Promise<{ id: string; secret: string }> {
  const { endpoint, secret } = await addEndpoint({ partner, url }, { prisma, now, allowLoopback: true })
  return { id: endpoint.id, secret }
}
