import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { fillNewsroom } from '../cold/newsroom.ts'
import { addPublicArticles, installPeers } from '../cold/servers.ts'
import { countOf } from '../support/counts.ts'
import { withThrowawayDatabase } from '../support/database.ts'
import { assertWrk } from '../support/wrk.ts'
import { chart, missedLimits, print } from './report.ts'
import { measureHot } from './run.ts'
import { peerKinds } from './servers.ts'

// The server CPU of a request whose answer is known, compared with a bare node:http server that returns the same bytes
// and headers, and with the caches of other servers. Exits with 1 when a limit is missed. Needs Linux, wrk and a
// PostgreSQL server: the one of DATABASE_URL, or the one on this machine.

const usage = `npm run bench -- hot [--seconds 2] [--rounds 9] [--peers NAME,…] [--svg FILE]
peers: ${Object.keys(peerKinds).join(', ')}`

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '9' },
    peers: { type: 'string', default: Object.keys(peerKinds).join(',') },
    svg: { type: 'string' },
    help: { type: 'boolean' },
  },
})

if (values.help) {
  console.log(usage)
} else {
  const seconds = countOf('seconds', values.seconds)
  const rounds = countOf('rounds', values.rounds)
  const peers = values.peers.split(',').map((name) => peerKinds[name] ?? refuse(name))
  assertWrk()
  installPeers(peers)
  const measured = await withThrowawayDatabase(async ({ prisma, url }) => {
    const [slug = ''] = await fillNewsroom(prisma)
    await addPublicArticles(prisma)
    return measureHot({ peers, databaseUrl: url, slug, seconds, rounds }, (line) => console.error(line))
  })
  print(measured)
  if (values.svg) writeFileSync(values.svg, chart(measured))
  const missed = missedLimits(measured)
  for (const line of missed) console.log(`MISSED: ${line}`)
  process.exit(missed.length > 0 ? 1 : 0)
}

function refuse(name: string): never {
  console.error(`--peers does not take "${name}".\n${usage}`)
  process.exit(2)
}
