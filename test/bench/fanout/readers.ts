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
/** Why a reader no longer receives events. */
let lost: string | null = null

process.on('message', async (command: Command) => {
  if (command.do === 'connect') {
    const { port, count, subscribe } = command
    const ears = { message: arrived, gone: lose }
    for (let begun = 0; begun < count; begun += PARALLEL) {
      const some = Math.min(PARALLEL, count - begun)
      await Promise.all(Array.from({ length: some }, () => openLightSocket(port, subscribe, ears)))
    }
    report({ event: 'connected' })
  } else if (lost) {
    // The first report may have come while nobody waited for one.
    lose(lost)
  } else {
    wanted = command.messages
    latencies = []
    report({ event: 'ready' })
  }
})

function report(message: Report): void {
  process.send?.(message)
}

function lose(why: string): void {
  lost = why
  report({ event: 'lost', why })
}

/** Notes an arrival. Messages carry the moment they were asked for, in ms since the epoch. */
function arrived(payload: Buffer): void {
  const at = payload.indexOf(MARK)
  if (at < 0) {
    if (isFailure(payload)) lose(`answered ${payload.subarray(0, 500)}`)
    return
  }
  const sent = Number(payload.toString('latin1', at + MARK.length, at + MARK.length + 17))
  latencies.push(performance.timeOrigin + performance.now() - sent)
  if (latencies.length === wanted) report({ event: 'arrived', latencies })
}

/** Whether the server refused the subscription or ended it. */
function isFailure(payload: Buffer): boolean {
  return ['"errors":', '"type":"error"', '"type":"complete"'].some((text) => payload.includes(text))
}

/** What stands in a message before its moment, which takes 17 characters: 1795357849431.653. */
const MARK = Buffer.from('at=')
