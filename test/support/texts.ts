import { fieldsWith } from '../../src/articles/fields.ts'
import { recordOf } from '../../src/base/records.ts'

const optional = fieldsWith({ kind: 'text', licensed: true, required: false })

/** An article without any text that it may lack. */
export const noTexts = recordOf(optional, () => null)

/** A value for each text that an article may lack. */
export const everyText = (make: (name: (typeof optional)[number]) => string) => recordOf(optional, make)
