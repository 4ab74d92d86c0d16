import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

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
    const type = { 'content-type': 'application/json', accept: 'application/json' }
    const answer = await this.#ok('POST', '/graphql', JSON.stringify(operation), { ...headers, ...type })
    if (answer.includes('"errors":')) throw new Error(`answered ${answer.slice(0, 2_000)}`)
    return answer
  }

  /** Reads a path. Throws unless the status is 200. */
  get(path: string, headers: OutgoingHttpHeaders = {}): Promise<string> {
    return this.#ok('GET', path, '', headers)
  }

  async #ok(method: string, path: string, body: string, headers: OutgoingHttpHeaders): Promise<string> {
    const answer = await this.send(method, path, body, headers)
    const text = answer.body.toString()
    if (answer.status !== 200) throw new Error(`answered ${answer.status}: ${text.slice(0, 2_000)}`)
    return text
  }

  close(): void {
    this.#agent.destroy()
  }

  /** Sends any request. */
  send(method: string, path: string, body: string, headers: OutgoingHttpHeaders): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const length = body === '' ? {} : { 'content-length': Buffer.byteLength(body) }
      const options = {
        host: '127.0.0.1',
        port: this.#port,
        method,
        path,
        headers: { ...headers, ...length },
        agent: this.#agent,
      }
      const sent = request(options, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const { statusCode: status = 0, headers } = response
          resolve({ status, headers, body: Buffer.concat(chunks) })
        })
      })
      sent.on('error', (error: NodeJS.ErrnoException) => {
        // The server has closed a connection that was idle for long: the request goes on another one.
        if (sent.reusedSocket && error.code === 'ECONNRESET') {
          this.send(method, path, body, headers).then(resolve, reject)
        } else reject(error)
      })
      sent.end(body)
    })
  }
}
