import { openLightSocket } from '../support/light-socket.ts'

// The load generator, in a process of its own: many readers on light sockets, which subscribe and count
// what arrives. Told what to do over IPC.

export type Command =
  | { do: 'connect'; port: number; count: number; subscribe: string | null }
  | { do: 'expect'; messages: number }

export type Report =
  | { event: 'connected' }
  | { event: 'ready' }
  | { event: 'arrived'; latencies: number[] }
  | { event: 'lost'; why: string }

const PARALLEL = 200
let wanted = 0
let latencies: number[] = []

process.on('message', async (command: Command) => {
  if (command.do === 'connect') {
    const { port, count, subscribe } = command
    const ears = { message: arrived, gone: (why: string) => report({ event: 'lost', why }) }
    for (let begun = 0; begun < count; begun += PARALLEL) {
      const some = Math.min(PARALLEL, count - begun)
      await Promise.all(Array.from({ length: some }, () => openLightSocket(port, subscribe, ears)))
    }
    report({ event: 'connected' })
  } else {
    wanted = command.messages
    latencies = []
    report({ event: 'ready' })
  }
})

function report(message: Report): void {
  process.send?.(message)
}

/** Notes an arrival. Messages carry the moment they were asked for, in ms since the epoch. */
function arrived(payload: Buffer): void {
  const at = payload.indexOf(MARK)
  if (at < 0) return
  const sent = Number(payload.toString('latin1', at + MARK.length, at + MARK.length + 17))
  latencies.push(performance.timeOrigin + performance.now() - sent)
  if (latencies.length === wanted) report({ event: 'arrived', latencies })
}

/** What stands in a message before its moment, which takes 17 characters: 1795357849431.653. */
const MARK = Buffer.from('at=')
