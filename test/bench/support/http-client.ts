import { Agent, type OutgoingHttpHeaders, request } from 'node:http'

/** A client of one server, over connections that stay open. */
export class HttpClient {
  readonly #agent: Agent
  readonly #port: number

  constructor(port: number, connections: number) {
    this.#port = port
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections })
  }

  /** Sends an operation to /graphql. Throws unless it is answered without an error. */
  async post(operation: object, headers: OutgoingHttpHeaders = {}): Promise<string> {
    const body = JSON.stringify(operation)
    const answer = await this.#send('POST', '/graphql', body, {
      ...headers,
      'content-type': 'application/json',
      accept: 'application/json',
      'content-length': Buffer.byteLength(body),
    })
    if (answer.includes('"errors":')) throw new Error(`answered ${answer.slice(0, 2_000)}`)
    return answer
  }

  /** Reads a path. Throws unless the status is 200. */
  get(path: string, headers: OutgoingHttpHeaders = {}): Promise<string> {
    return this.#send('GET', path, '', headers)
  }

  close(): void {
    this.#agent.destroy()
  }

  #send(method: string, path: string, body: string, headers: OutgoingHttpHeaders): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: this.#port, method, path, headers, agent: this.#agent }
      const sent = request(options, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString()
          if (response.statusCode === 200) resolve(answer)
          else reject(new Error(`answered ${response.statusCode}: ${answer.slice(0, 2_000)}`))
        })
      })
      sent.on('error', (error: NodeJS.ErrnoException) => {
        // The server has closed a connection that was idle for long: the request goes on another one.
        if (sent.reusedSocket && error.code === 'ECONNRESET') {
          this.#send(method, path, body, headers).then(resolve, reject)
        } else reject(error)
      })
      sent.end(body)
    })
  }
}
