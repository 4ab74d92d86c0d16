import { parseArgs } from 'node:util'
import { throwawayDatabase } from '../support/database.ts'
import { type Gateway, spawnGateway } from '../support/gateway.ts'
import { attacks } from './attacks.ts'
import { eventLoopCpuMs } from './cpu.ts'
import { type Attack, send } from './send.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    random: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
  },
})

const MAX_CPU_MS = 200
const MAX_REFUSAL_BYTES = 64 * 1024

const database = await throwawayDatabase()
const gateway = await spawnGateway({ DATABASE_URL: database.url, SAMPLE: 'on', LOG_LEVEL: 'silent' })
let failed = 0
try {
  await send(attacks['document: the schema'] as Attack, gateway.port)
  for (const [name, attack] of Object.entries(attacks)) {
    if (!name.includes(values.only)) continue
    await measure(name, attack, gateway)
  }
} finally {
  await gateway.kill()
  await database.drop()
}
process.exit(failed > 0 ? 1 : 0)

async function measure(name: string, attack: Attack, { process: { pid }, port }: Gateway) {
  const before = eventLoopCpuMs(pid as number)
  const answer = await send(attack, port).catch((error) => ({
    bytes: 0,
    refused: true,
    start: String(error),
  }))
  const cpu = (eventLoopCpuMs(pid as number) - before) / (('answers' in attack && attack.answers) || 1)
  const bad = cpu > MAX_CPU_MS || (answer.refused && answer.bytes > MAX_REFUSAL_BYTES)
  if (bad) failed += 1
  console.log(
    `${bad ? 'X' : ' '} ${cpu.toFixed(1).padStart(9)} ms ${String(answer.bytes).padStart(9)} B ${answer.refused ? 'refused' : '       '} ${name}  ${process.env.VERBOSE ? answer.start.replace(/[\s\S]*?\r\n\r\n/, '').slice(0, 200) : ''}`,
  )
}
