import { createServer } from 'node:http'
import { postgraphile } from 'postgraphile'
import { makePgService } from 'postgraphile/adaptors/pg'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'

// PostGraphile on the gateway's tables. Two functions of the benchmark return the articles that everybody may
// see; PostgreSQL inlines them.

const preset = {
  extends: [PostGraphileAmberPreset],
  // Lists may be in the order of any column, as in the gateway.
  disablePlugins: ['PgIndexBehaviorsPlugin'],
  pgServices: [
    makePgService({
      connectionString: process.env.DATABASE_URL,
      schemas: ['public'],
      poolConfig: { max: 10, options: '-c TimeZone=UTC' },
    }),
  ],
  grafserv: {
    graphqlPath: '/graphql',
    graphqlOverGET: true,
    graphiql: false,
    websockets: false,
    watch: false,
  },
  grafast: { explain: false },
}

const server = createServer()
const serv = postgraphile(preset).createServ(grafserv)
await serv.addTo(server)
server.listen(0, '127.0.0.1', async () => {
  await serv.ready?.()
  console.log(`listens on http://127.0.0.1:${server.address().port}/graphql`)
})
