import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import type { SchemaEngine } from '@prisma/schema-engine-wasm'
import { Lazy } from '../base/coalesce.ts'

/** Node's types leave WebAssembly to the browser's types, which are not loaded. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: Record<string, object>,
  ): Promise<{ instance: { exports: Record<string, unknown> } }>
}

/** Required by every operation of the engine: no tables are managed externally. */
export const noFilters = { externalTables: [], externalEnums: [] }

/** Runs `work` with Prisma's schema engine, as WebAssembly, on the adapter's database. */
export async function withSchemaEngine<T>(
  adapter: SqlMigrationAwareDriverAdapterFactory,
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const { SchemaEngine } = await engineModule.get()
  const datamodels = undefined // The engine learns from the adapter which database it talks to.
  const ignoreLog = () => {}
  const engine = await SchemaEngine.new(
    { datamodels },
    ignoreLog,
    bindMigrationAwareSqlAdapterFactory(adapter),
  )
  try {
    return await work(engine)
  } finally {
    engine.free()
  }
}

/** Loaded on demand: a start without missing migrations does not need it. */
const engineModule = new Lazy(instantiate)

async function instantiate() {
  const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const { resolve } = createRequire(import.meta.filename)
  const folder = dirname(resolve('@prisma/schema-engine-wasm/schema_engine_bg'))
  const wasm = await readFile(join(folder, 'schema_engine_bg.wasm'))
  const imports = { './schema_engine_bg.js': { ...glue, ...freeTimers(Object.keys(glue)) } }
  const { instance } = await WebAssembly.instantiate(wasm, imports)
  glue.__wbg_set_wasm(instance.exports)
  const { __wbindgen_start: start } = instance.exports
  if (typeof start === 'function') start()
  return glue
}

/** The engine never clears its lock timer of ten seconds; it must not keep the process running. */
function freeTimers(names: string[]) {
  const setFreeTimeout = (callback: () => void, delay: number) => setTimeout(callback, delay).unref()
  return Object.fromEntries(
    names.filter((name) => name.startsWith('__wbg_setTimeout_')).map((name) => [name, setFreeTimeout]),
  )
}
