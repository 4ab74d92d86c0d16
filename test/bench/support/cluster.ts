import { execFile } from 'node:child_process'
import { chown, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { SetupError } from '../../../src/base/errors.ts'
import { freePort } from './ports.ts'
import { Service } from './service.ts'

const run = promisify(execFile)

/** How long PostgreSQL may take to answer after it was started, its recovery included, in ms. */
const START_PATIENCE = 60_000

/** A PostgreSQL server of our own on a loopback port, with its data in a folder that goes with it. */
export interface Cluster extends AsyncDisposable {
  /** The address of its one database. */
  readonly url: string
  readonly port: number
  /**
   * Ends it as `pg_ctl stop -m immediate` does: every session is cut, nothing is written, and the next
   * start recovers what was committed.
   */
  stopImmediate(): Promise<void>
  /** Starts it again and waits until it answers. */
  start(): Promise<void>
  /** Stops it and removes its files. */
  remove(): Promise<void>
}

/** A server that follows another one. */
export interface Standby extends Cluster {
  /** Waits until it has everything that its primary has now. */
  caughtUp(): Promise<void>
  /** Stops following: what is committed from now on is missing from it. */
  detach(): Promise<void>
  /** Makes it a primary of its own, with what it has. */
  promote(): Promise<void>
}

/**
 * Makes and starts a cluster. PostgreSQL refuses to run as root; then it runs as `postgres` or `nobody`.
 *
 * @param folder an existing folder that every user may enter; the cluster is made in one of its own there
 * @throws SetupError where PostgreSQL's programs are not installed
 */
export function startCluster(folder: string): Promise<Cluster> {
  const trust = ['--auth=trust', '--username=postgres']
  return startIn(folder, 'postgresql', (data) => [
    'initdb',
    ['-D', data, ...trust, '--encoding=UTF8', '--locale=C', '--no-sync'],
  ])
}

/**
 * A standby that follows a cluster by streaming replication, and is behind by whatever it has not received.
 *
 * @param folder as for `startCluster`
 */
export async function startStandby(folder: string, primary: Cluster): Promise<Standby> {
  const cluster = await startIn(folder, 'standby', (data) => [
    'pg_basebackup',
    [
      '-D',
      data,
      '-d',
      primary.url,
      '--write-recovery-conf',
      '--checkpoint=fast',
      '--wal-method=stream',
      '--no-sync',
    ],
  ])
  const onStandby = async (sql: string) => {
    const client = new pg.Client({ connectionString: cluster.url })
    client.on('error', () => {})
    await client.connect()
    try {
      return await client.query(sql)
    } finally {
      await client.end()
    }
  }
  return {
    ...cluster,
    async caughtUp() {
      const client = new pg.Client({ connectionString: primary.url })
      await client.connect()
      const { rows } = await client.query('SELECT pg_current_wal_flush_lsn()::text AS lsn')
      await client.end()
      const isBehind = `SELECT pg_last_wal_replay_lsn() < '${rows[0].lsn}'::pg_lsn AS behind`
      while ((await onStandby(isBehind)).rows[0].behind) await after(20)
    },
    async detach() {
      await onStandby("ALTER SYSTEM SET primary_conninfo = ''")
      await onStandby('SELECT pg_reload_conf()')
      const receiving = 'SELECT count(*)::int AS count FROM pg_stat_wal_receiver'
      while ((await onStandby(receiving)).rows[0].count > 0) await after(20)
    },
    async promote() {
      await onStandby('SELECT pg_promote()')
    },
  }
}

/** Makes a data folder by one of PostgreSQL's programs, and starts a server on it. */
async function startIn(
  folder: string,
  name: string,
  make: (data: string) => [program: string, args: string[]],
): Promise<Cluster> {
  const programs = await findPrograms()
  const user = process.getuid?.() === 0 ? await unprivileged() : null
  const home = join(folder, name)
  await mkdir(home, { mode: 0o700 })
  if (user) await chown(home, user.uid, user.gid)
  const data = join(home, 'data')
  const [program, args] = make(data)
  await run(join(programs, program), args, { cwd: home, ...user })
  const port = await freePort()
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  let service: Service | null = null
  let removed = false

  const start = async () => {
    if (removed) return
    service = new Service({
      command: join(programs, 'postgres'),
      args: ['-D', data, ...settings(port, home)],
      cwd: home,
      log: join(folder, `${name}.log`),
      user,
    })
    await service.until(() => answers(url), START_PATIENCE)
  }
  const stopImmediate = async () => service?.kill('SIGQUIT')
  const remove = async () => {
    removed = true
    await service?.kill('SIGQUIT')
    await rm(home, { recursive: true, force: true })
  }
  await start()
  return { url, port, start, stopImmediate, remove, [Symbol.asyncDispose]: remove }
}

/**
 * Only what differs from an ordinary server. Without fsync a commit still reaches the operating system
 * before it is answered, so it outlives PostgreSQL, though not the machine: that is what is tried here.
 */
function settings(port: number, socketFolder: string): string[] {
  return [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${socketFolder}`,
    'fsync=off',
    'max_connections=200',
    'log_min_messages=warning',
  ].flatMap((setting) => ['-c', setting])
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('SELECT')
    return true
  } finally {
    await client.end()
  }
}

/** The folder with initdb and postgres: where pg_config says, or the newest that Debian's packages made. */
export async function findPrograms(): Promise<string> {
  const said = await run('pg_config', ['--bindir']).then(
    ({ stdout }) => [stdout.trim()],
    () => [],
  )
  const versions = await readdir('/usr/lib/postgresql').catch(() => [])
  const newestFirst = versions.sort((a, b) => Number(b) - Number(a))
  const folders = [...said, ...newestFirst.map((version) => `/usr/lib/postgresql/${version}/bin`)]
  for (const folder of folders) {
    if (await stat(join(folder, 'initdb')).catch(() => null)) return folder
  }
  throw new SetupError(
    'PostgreSQL is not installed here: install its server package, or put pg_config on PATH.',
  )
}

async function unprivileged(): Promise<{ uid: number; gid: number }> {
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all(['-u', '-g'].map((which) => run('id', [which, name])))
      return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) }
    } catch {
      // There is no such user.
    }
  }
  throw new SetupError(
    'PostgreSQL does not run as root, and there is neither a user "postgres" nor "nobody".',
  )
}
