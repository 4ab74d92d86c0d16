import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// The entry point. Compiled code is cached for the next start, because a gateway that restarts after a crash
// is needed soon. Without a writable folder, as in some container images, each start compiles again.

enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/compiled'))

const { run } = await import('./run.ts')
await run()
