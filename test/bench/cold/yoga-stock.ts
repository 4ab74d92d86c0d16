import { serveYoga } from './yoga.ts'

// Prisma's defaults: relations are read by a statement each, and no statement is prepared.

serveYoga({ loading: 'query', prepared: false })
