import './failures.ts'
import '../article/schema.ts'
import '../article/body.ts'
import '../article/furniture.ts'
import '../article/list.ts'
import '../topic/schema.ts'
import '../quotation/schema.ts'
import '../person/schema.ts'
import '../organisation/schema.ts'
import '../search/schema.ts'
import '../comment/schema.ts'
import '../moderation/schema.ts'
import '../reader/schema.ts'
import '../feed/schema.ts'
import '../auth/schema.ts'
import { builder } from './builder.ts'

/** The whole schema: each noun adds its own part when it is imported. */
export const schema = builder.toSchema()
