import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Debian's package puts it where only the administrator's path leads. */
const PROGRAM = ['/usr/sbin/pgbouncer', 'pgbouncer'].find(
  (path) => spawnSync(path, ['--version']).status === 0,
)

/** Why no pooler can be tested here; undefined when one can. */
export const noPooler = PROGRAM ? undefined : 'PgBouncer is not installed: apt-get install pgbouncer'

export interface Pooler extends AsyncDisposable {
  /** The address of a database on the server, through the pooler. */
  through(url: string): string
}

/** PgBouncer before the server of `url`, on a port of its own. */
export async function startPooler(
  url: string,
  mode: 'transaction' | 'session' | 'statement',
): Promise<Pooler> {
  if (!PROGRAM) throw new Error(noPooler)
  const folder = await mkdtemp(join(tmpdir(), 'dateline-pooler-'))
  const { hostname, port, username, password } = new URL(url)
  const own = await freePort()
  const secret = password ? ` password=${decodeURIComponent(password)}` : ''
  await writeFile(
    join(folder, 'pgbouncer.ini'),
    [
      '[databases]',
      `* = host=${hostname} port=${port || 5432} user=${decodeURIComponent(username)}${secret}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${own}`,
      'unix_socket_dir =',
      'auth_type = any',
      `pool_mode = ${mode}`,
      'default_pool_size = 20',
      'max_client_conn = 200',
      '',
    ].join('\n'),
  )
  // It refuses to run as root, and must be able to read its settings as somebody else.
  await chmod(folder, 0o755)
  const asUser = process.getuid?.() === 0 ? ['-u', 'postgres'] : []
  const child = spawn(PROGRAM, [...asUser, join(folder, 'pgbouncer.ini')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const gone = once(child, 'close')
  let said = ''
  const up = new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text
      if (said.includes('process up')) resolve()
    })
    void gone.then(() => reject(new Error(`PgBouncer ended: ${said}`)))
  })
  await up
  return {
    through(address) {
      const pooled = new URL(address)
      pooled.hostname = '127.0.0.1'
      pooled.port = String(own)
      return pooled.href
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await gone
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
