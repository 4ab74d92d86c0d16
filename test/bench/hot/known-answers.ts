import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Gateway, spawnGateway } from '../support/gateway.ts'
import type { Answer } from '../support/http-client.ts'

/** What the bare server answers to a request. */
export interface KnownAnswer {
  method: string
  path: string
  status: number
  headers: Record<string, string>
  body: string
}

/** Node sets these itself. */
const OWN_HEADERS = ['date', 'connection', 'keep-alive', 'transfer-encoding']

/** The response of another server, with the length in place of chunks. */
export function knownAnswer(method: string, path: string, { status, headers, body }: Answer): KnownAnswer {
  const others = Object.entries(headers).filter(([name]) => !OWN_HEADERS.includes(name))
  const length = status === 304 ? [] : [['content-length', String(body.length)]]
  return {
    method,
    path,
    status,
    headers: Object.fromEntries([...others, ...length]) as Record<string, string>,
    body: body.toString(),
  }
}

/** A bare `node:http` server with these answers. */
export async function startBare(answers: readonly KnownAnswer[]): Promise<Gateway> {
  const folder = mkdtempSync(join(tmpdir(), 'dateline-bare-'))
  try {
    const file = join(folder, 'answers.json')
    writeFileSync(file, JSON.stringify(answers))
    return await spawnGateway({ ANSWERS: file }, join(import.meta.dirname, 'bare.ts'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
