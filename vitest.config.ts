import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { testFiles } from './test/support/test-files.ts'

/** What takes longest begins first: begun last, it would leave the other workers with nothing to do. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.findIndex((name) => moduleId.endsWith(name))
      return place < 0 ? LONGEST.length : place
    }
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}

/** Many files are tested in processes of their own, and start others: what one has compiled, the next reads. */
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url))

const LONGEST = [
  'comment-feed/histories.test.ts',
  'read-cache/histories.test.ts',
  'read-cache/each-change.test.ts',
  'syndication/mirror.test.ts',
  'edge/start.test.ts',
  'cli/partner.test.ts',
  'cli/ingest.test.ts',
  'clients/event-source.test.ts',
]

const { ownProcess, withDatabase, withoutDatabase } = testFiles()

export default defineConfig({
  resolve: {
    // Vite and Node choose different builds of graphql, which then refuse each other's schemas.
    alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }],
  },
  test: {
    projects: [
      // To start a process and to load the modules takes longer than most files.
      {
        extends: true,
        test: {
          name: 'database',
          include: withDatabase,
          isolate: false,
          globalSetup: 'test/support/global-setup.ts',
        },
      },
      { extends: true, test: { name: 'no-database', include: withoutDatabase, isolate: false } },
      { extends: true, test: { name: 'own-process', include: ownProcess } },
    ],
    pool: 'forks',
    // One more than there are cores: there is always one that waits for a database, a process or a timer.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    // The embedded database's code is not worth optimising for a process that ends in a minute. Node has the
    // EventSource of browsers, behind a flag.
    execArgv: ['--liftoff-only', '--experimental-eventsource', '--disable-warning=UNDICI-ES'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
