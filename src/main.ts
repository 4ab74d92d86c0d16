import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// The entry. What one start has compiled, the next one reads: a gateway that comes back after a crash is wanted
// soon. Where the folder can't be written to, as in some images, each start compiles for itself.

enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/compiled'))

const { run } = await import('./run.ts')
await run()
