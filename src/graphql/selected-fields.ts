import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'

declare global {
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      selectedFields: SelectedFields<Types>
    }
  }
}

/** Returns the names of the fields that the client selects in the value of a field. */
export type Selected = () => ReadonlySet<string>

/**
 * The selection of the columns that the client asks for in a plain object whose fields have the names of columns.
 * @param columns all columns that have a field
 */
export function selectedColumns<Columns extends Record<string, true>>(
  columns: Columns,
  selected: Selected | undefined,
): Columns {
  const names = selected?.() ?? new Set(Object.keys(columns))
  const asked = Object.entries(columns).filter(([column]) => names.has(column))
  // Prisma refuses an empty selection.
  return Object.fromEntries(asked.length > 0 ? asked : Object.entries(columns).slice(0, 1)) as Columns
}

/**
 * Passes a fourth argument, of type `Selected`, to the function `select` of a field. Pothos computes it, but
 * passes it only to the connections that it defines itself.
 */
class SelectedFields<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const { select } = field.pothosOptions as { select?: unknown }
    if (field.kind !== 'PrismaObject' || typeof select !== 'function') return field
    const pothosPrismaSelect = (...given: unknown[]) => {
      const selection = select(...given)
      return selection && { select: selection }
    }
    return { ...field, extensions: { ...field.extensions, pothosPrismaSelect } }
  }
}

export const selectedFields = 'selectedFields'

SchemaBuilder.registerPlugin(selectedFields, SelectedFields)
