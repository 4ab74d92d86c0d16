import { execFileSync } from 'node:child_process'

/** Files that a process has open beside its sockets. */
const OTHERS = 200

/** Ends the program with one clear line when this machine does not allow a process that many sockets. */
export function assertDescriptors(sockets: number): void {
  if (process.platform === 'win32') return
  const limit = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim()
  if (limit === 'unlimited' || Number(limit) >= sockets + OTHERS) return
  console.error(
    `${sockets} sockets need ${sockets + OTHERS} file descriptors for each process, and this shell allows ${limit}: ` +
      `run "ulimit -n ${sockets + OTHERS}" first, or ask for fewer with --sockets.`,
  )
  process.exit(1)
}
