import { Agent, request } from 'node:http'

/** A client that sends JSON over connections that stay open. */
export class PostClient {
  readonly #agent: Agent
  readonly #port: number
  readonly #headers: Record<string, string>

  constructor(port: number, connections: number, headers: Record<string, string> = {}) {
    this.#port = port
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections })
    this.#headers = headers
  }

  /** Sends a request to /graphql. Throws unless it is answered without an error. */
  post(body: object): Promise<string> {
    const text = JSON.stringify(body)
    return new Promise((resolve, reject) => {
      const headers = {
        ...this.#headers,
        'content-type': 'application/json',
        accept: 'application/json',
        'content-length': Buffer.byteLength(text),
      }
      const options = { port: this.#port, host: '127.0.0.1', path: '/graphql', method: 'POST', headers }
      const sent = request({ ...options, agent: this.#agent }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString()
          if (response.statusCode === 200 && !answer.includes('"errors":')) resolve(answer)
          else reject(new Error(`answered ${response.statusCode}: ${answer.slice(0, 2_000)}`))
        })
      })
      sent.on('error', reject)
      sent.end(text)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}
