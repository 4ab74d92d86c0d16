// Loaded before the example client in its worker: tells for how long it would wait, in ms, and lets it go on
// when it is told to.
import { once } from 'node:events'
import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'

timers.setTimeout = async (ms) => {
  parentPort.postMessage(ms)
  await once(parentPort, 'message')
}
syncBuiltinESMExports()
