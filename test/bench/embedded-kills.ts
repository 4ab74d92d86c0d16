import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { killAgainAndAgain } from '../support/kills.ts'

// Kills a gateway on the embedded database 100 times (or as often as the argument says) while it writes, and
// prints what was acknowledged, what was lost and how long each new start took.

const times = Number(process.argv[2] ?? 100)
const dataDir = await mkdtemp(join(tmpdir(), 'dateline-kills-'))
try {
  const { kills, submitted, approved, lost, restarts, positions, feedPosition, commentCount } =
    await killAgainAndAgain(dataDir, times)
  const sorted = restarts.toSorted((a, b) => a - b)
  const gapless = positions.length === feedPosition && positions.every((position, i) => position === i + 1)
  console.log(`${kills} kills in the middle of writing`)
  console.log(`${submitted} submissions and ${approved} approvals acknowledged, ${lost.length} lost`)
  console.log(
    `${positions.length} feed positions, ${gapless ? 'no gap' : 'with gaps'}; count ${commentCount}`,
  )
  console.log(`start after a kill: median ${ms(sorted[sorted.length >> 1])}, slowest ${ms(sorted.at(-1))}`)
  for (const id of lost) console.log(`lost: ${id}`)
  process.exitCode = lost.length > 0 || !gapless || commentCount !== feedPosition ? 1 : 0
} finally {
  await rm(dataDir, { recursive: true, force: true })
}

function ms(duration = 0): string {
  return `${Math.round(duration)} ms`
}
