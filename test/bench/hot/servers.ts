import { join } from 'node:path'
import { type ServerKind as ColdKind, serverKinds } from '../cold/servers.ts'
import { type Gateway, spawnGateway } from '../support/gateway.ts'
import { HttpClient } from '../support/http-client.ts'
import { productionSettings } from '../support/production.ts'

export type ServerKind = ColdKind

export interface Running extends Gateway {
  kind: ServerKind
  client: HttpClient
}

export const DATELINE: ServerKind = serverKinds.dateline as ServerKind
export const BARE: ServerKind = { name: 'bare node:http', dialect: 'gateway' }

/** The servers that the gateway is compared with, by the name that the option --peers takes. */
export const peerKinds: Record<string, ServerKind> = {
  yoga: {
    name: 'yoga, response cache',
    dialect: 'gateway',
    file: join(import.meta.dirname, 'yoga-cached.ts'),
  },
  postgraphile: serverKinds.postgraphile as ServerKind,
}

/** Starts the gateway or a peer. Peers take what they know of the gateway's settings. */
export async function startServer(kind: ServerKind, databaseUrl: string): Promise<Running> {
  const env = { ...productionSettings(databaseUrl), GRAPHILE_ENV: 'production' }
  return running(kind, await spawnGateway(env, kind.file))
}

export function running(kind: ServerKind, gateway: Gateway): Running {
  return { ...gateway, kind, client: new HttpClient(gateway.port, CONNECTIONS) }
}

export async function stop({ client, kill }: Running): Promise<void> {
  client.close()
  await kill()
}

/** Of each client, wrk included. */
export const CONNECTIONS = 16
