// Starts a program of Dateline, or prints which version of Node is required. This file is plain JavaScript, so that an
// old Node can read it: `npm ci --omit=dev` does not install the Node of the project.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const NEEDED = [22, 18]
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  console.error(
    `dateline: Dateline needs Node ${NEEDED.join('.')} or newer, but this is Node ${process.versions.node}. ` +
      'Install a newer Node, or run "npm ci" without "--omit=dev", which installs Node 24 in the project.',
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
