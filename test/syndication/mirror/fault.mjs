// Loaded before the example client in its worker: stops it for good at one of the things it does, before or
// after doing it, and says so. What follows is a kill.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'

let done = 0

/** The same function, but that it never returns where the plan says so. */
function faulty(work) {
  return async (...given) => {
    done += 1
    const isHere = done === workerData.at
    if (isHere && !workerData.after) return stop()
    const result = await work(...given)
    return isHere ? stop() : result
  }
}

function stop() {
  parentPort.postMessage('here')
  // A worker with nothing to wait for would end by itself.
  return new Promise(() => setInterval(() => {}, 60_000))
}

for (const name of ['writeFile', 'rename', 'rm']) fs.promises[name] = faulty(fs.promises[name])
globalThis.fetch = faulty(globalThis.fetch)
syncBuiltinESMExports()
