import { readFileSync } from 'node:fs'

/** The CPU that a process's main thread, which runs the event loop, has used since its start, in ms (Linux). */
export function eventLoopCpuMs(pid: number): number {
  const [nanoseconds = '0'] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')
  return Number(nanoseconds) / 1e6
}
