import { serveYoga } from './yoga.ts'

serveYoga({ loading: 'join', prepared: true })
