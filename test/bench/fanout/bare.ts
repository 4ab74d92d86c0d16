import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { serveBench } from './served.ts'

// The limit to measure against: a plain `ws` server that sends the same bytes to everybody.

const server = createServer()
const sockets = new WebSocketServer({ server, perMessageDeflate: false })
server.listen(0, '127.0.0.1', () => {
  serveBench((server.address() as AddressInfo).port, {
    sockets: () => sockets.clients.size,
    publish: (message) => {
      const bytes = Buffer.from(message)
      for (const socket of sockets.clients) socket.send(bytes, { binary: false })
    },
  })
})
