import { SetupError } from '../../src/base/errors.ts'
import { openMigrated } from '../../src/db/open.ts'

// A process that opens the database of its settings, stores a topic, says so, and stays until it is killed.
try {
  const { DATABASE_URL: url, DATA_DIR: dataDir = '' } = process.env
  const { prisma, isNew } = await openMigrated({ url, dataDir })
  const { slug } = await prisma.topic.create({ data: { slug: `topic-${process.pid}`, label: 'Kept' } })
  console.log(JSON.stringify({ slug, isNew }))
  setInterval(() => {}, 60_000)
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
