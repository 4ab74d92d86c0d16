import { measureFanout } from './fanout/run.ts'

const v = (process.argv[4]?.split(',') ?? ['bare', 'stock', 'dateline']) as never
for (const r of await measureFanout(Number(process.argv[2] ?? 2000), Number(process.argv[3] ?? 40), v))
  console.log(JSON.stringify(r))
process.exit(0)
