/** What a measured server tells of itself. */
export interface Usage {
  /** µs of CPU, user and system together, since it started. */
  cpu: number
  /** Resident memory in bytes, after a garbage collection where that can be asked for. */
  memory: number
  sockets: number
}

export type Order = { do: 'usage' } | { do: 'publish'; message: string }
export type Told = { event: 'listening'; port: number } | ({ event: 'usage' } & Usage)

/** Ties a server to the benchmark that started it. */
export function serveBench(
  port: number,
  { sockets, publish }: { sockets: () => number; publish?: (message: string) => void },
): void {
  const tell = (told: Told) => process.send?.(told)
  process.on('message', (order: Order) => {
    if (order.do === 'publish') return publish?.(order.message)
    const { user, system } = process.cpuUsage()
    globalThis.gc?.()
    tell({ event: 'usage', cpu: user + system, memory: process.memoryUsage().rss, sockets: sockets() })
  })
  process.on('disconnect', () => process.exit())
  tell({ event: 'listening', port })
}
