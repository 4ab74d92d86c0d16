import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: {
    // Vite and Node choose different builds of graphql, which then refuse each other's schemas.
    alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**'],
    globalSetup: 'test/support/global-setup.ts',
    // A process of its own for each file: PGlite's memory is given back when it ends.
    pool: 'forks',
    // Node has the EventSource of browsers, behind this flag.
    execArgv: ['--experimental-eventsource', '--disable-warning=UNDICI-ES'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
