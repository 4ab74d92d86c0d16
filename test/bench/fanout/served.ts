/** What a measured server tells of itself. */
export interface Usage {
  /** µs of CPU, user and system together, since it started. */
  cpu: number
  /** Resident memory in bytes. */
  resident: number
  /** What is alive in V8's heap, and buffers outside it, in bytes. */
  alive: number
  sockets: number
}

/** Asked to `collect`, the server collects its garbage before it tells of its memory. */
export type Order = { do: 'usage'; collect: boolean } | { do: 'publish'; message: string }
export type Told = { event: 'listening'; port: number } | ({ event: 'usage' } & Usage)

/** Ties a server to the benchmark that started it. */
export function serveBench(
  port: number,
  { sockets, publish }: { sockets: () => number; publish?: (message: string) => void },
): void {
  const tell = (told: Told) => process.send?.(told)
  process.on('message', (order: Order) => {
    if (order.do === 'publish') return publish?.(order.message)
    // A collection of ours is no cost of the server's: nobody asks for CPU before and behind one.
    if (order.collect) globalThis.gc?.()
    const { user, system } = process.cpuUsage()
    const { rss, heapUsed, external } = process.memoryUsage()
    tell({
      event: 'usage',
      cpu: user + system,
      resident: rss,
      alive: heapUsed + external,
      sockets: sockets(),
    })
  })
  process.on('disconnect', () => process.exit())
  tell({ event: 'listening', port })
}
