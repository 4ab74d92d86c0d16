import { defineConfig } from 'prisma/config'

// `prisma generate` looks for a native schema engine and would download one. It never runs it, so
// any existing file will do; migrations go through the WebAssembly engine (src/db/migrate.ts).
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= import.meta.filename

export default defineConfig({ schema: '.' })
