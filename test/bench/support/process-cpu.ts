import { readdirSync, readFileSync } from 'node:fs'

/** The CPU that a process has used since its start, over all its threads that are alive, in µs (Linux). */
export function processCpu(pid: number): number {
  let nanoseconds = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const [used = '0'] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')
    nanoseconds += Number(used)
  }
  return nanoseconds / 1_000
}
