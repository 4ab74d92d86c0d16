import type { EntityAppearance, LicensedEntityWithRoles } from './licensed-article.ts'

/** Each person or organisation once, in the order of first mention, with all roles. */
export function mergeAppearances(appearances: readonly EntityAppearance[]): LicensedEntityWithRoles[] {
  const merged = mergeBy(appearances, ({ entity }) => entity.id)
  return merged.map(({ entity, rolesAsPrinted }) => ({ ...entity, rolesAsPrinted }))
}

/** Each person or organisation once for each part of the article, with the roles of all entries of that part. */
export function mergeWithinParts(appearances: readonly EntityAppearance[]): EntityAppearance[] {
  return mergeBy(appearances, ({ entity, namedIn }) => `${namedIn} ${entity.id}`)
}

function mergeBy(
  appearances: readonly EntityAppearance[],
  keyOf: (appearance: EntityAppearance) => string,
): EntityAppearance[] {
  const groups = Map.groupBy(appearances, keyOf)
  return [...groups.values()].map((group) => ({
    ...(group[0] as EntityAppearance),
    rolesAsPrinted: [...new Set(group.flatMap(({ rolesAsPrinted }) => rolesAsPrinted))],
  }))
}
