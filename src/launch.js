// Starts a program of Dateline, or says which Node it needs. Plain JavaScript, so that an old Node can read it:
// `npm ci --omit=dev` leaves out the Node that the project brings along.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const NEEDED = [22, 18]
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  console.error(
    `dateline: Node ${NEEDED.join('.')} or newer is needed, and this is ${process.versions.node}. ` +
      'Install it, or run "npm ci" without --omit=dev, which brings one along.',
  )
  process.exit(1)
}

const emitWarning = process.emitWarning
process.emitWarning = (warning, ...details) => {
  const [type] = details
  const name = typeof type === 'object' ? type?.type : type
  if (name !== 'ExperimentalWarning') emitWarning.call(process, warning, ...details)
}

process.argv.splice(1, 1)
await import(pathToFileURL(resolve(process.argv[1])).href)
