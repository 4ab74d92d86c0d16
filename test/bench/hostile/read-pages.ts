import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const command = join(import.meta.dirname, '../../../src/cli/ingest.ts')

export interface Reading {
  /** CPU of the whole process that read the page. */
  cpuMs: number
  /** What it wrote. */
  output: string
  /** Its exit code, or the signal that ended it. */
  end: number | NodeJS.Signals
}

/** Reads one page with the ingest command, in a process of its own. */
export async function readHostilePage(html: string, databaseUrl: string): Promise<Reading> {
  const folder = await mkdtemp(join(tmpdir(), 'dateline-bench-'))
  try {
    const file = join(folder, 'page.html')
    await writeFile(file, html)
    const before = childrenCpuMs()
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', command, '--json', file],
      {
        env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: READ_TIMEOUT_MS,
        killSignal: 'SIGKILL',
      },
    )
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text
      })
    }
    const [code, signal] = await once(child, 'close')
    return { cpuMs: childrenCpuMs() - before, output, end: code ?? signal }
  } finally {
    await rm(folder, { recursive: true })
  }
}

const READ_TIMEOUT_MS = 120_000

/** The CPU of all processes that this one has started and that have ended (Linux counts it in steps of 10 ms). */
function childrenCpuMs(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[13]) + Number(fields[14])) * 10
}
