import { InvalidInput } from '../../base/errors.ts'
import { Prisma, type PrismaClient, type ReaderStatus } from '../../db/client/client.ts'
import { PLANNED_EACH_TIME } from '../../db/statement-names.ts'
import { containing, MAX_FILTER_CHARACTERS } from '../../text/words.ts'

/** The shortest part of a name: the index finds no shorter one. */
export const MIN_NAME_CHARACTERS = 3

export interface ReaderSearch {
  /** A part of the display name, or the whole subject. */
  text: string
  status: ReaderStatus | null
  /** The page: ids before one and after another, of the newest first unless it is read backwards. */
  page: { after: string | null; before: string | null; take: number; backwards: boolean }
}

/**
 * The ids of the readers that a search finds, in the order of the page. The planner chooses between the index of names
 * and the newest readers for each text.
 * @throws InvalidInput for a text that is too short or too long
 */
export async function findReaders(
  { text: given, status, page }: ReaderSearch,
  { db }: { db: Pick<PrismaClient, '$queryRaw'> },
): Promise<string[]> {
  const text = given.trim()
  if (text.length < MIN_NAME_CHARACTERS || text.length > MAX_FILTER_CHARACTERS)
    throw new InvalidInput(
      'search',
      `Search for ${MIN_NAME_CHARACTERS} to ${MAX_FILTER_CHARACTERS} characters.`,
    )
  const { after, before, take, backwards } = page
  const conditions = [
    Prisma.sql`(r."displayName" ILIKE ${containing(text)} OR r."subject" = ${text})`,
    status !== null && Prisma.sql`r."standing" = ${status}::"ReaderStanding"`,
    // Row ids grow with time.
    after !== null && Prisma.sql`r."id" < ${after}::uuid`,
    before !== null && Prisma.sql`r."id" > ${before}::uuid`,
  ].filter((condition) => condition !== false)
  const rows = await db.$queryRaw<{ id: string }[]>`${Prisma.raw(PLANNED_EACH_TIME)}
    SELECT r."id" FROM "Reader" r WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY r."id" ${Prisma.raw(backwards ? 'ASC' : 'DESC')} LIMIT ${take}`
  return rows.map(({ id }) => id)
}
