import type { PrismaClient, Topic } from '../../db/client/client.ts'

/** A topic with its path in the topic tree. */
export interface TopicWithPath {
  slug: string
  label: string
  /** The slugs from the section to the topic. */
  path: string[]
}

/** All topics by row id. */
export type TopicPaths = ReadonlyMap<string, TopicWithPath>

/** All topics by row id. There are few, so all are read. */
export async function readTopicPaths(db: Pick<PrismaClient, 'topic'>): Promise<Map<string, TopicWithPath>> {
  return topicPathsOf(await db.topic.findMany())
}

/** The topics with their paths, by row id. */
export function topicPathsOf(rows: readonly Topic[]): Map<string, TopicWithPath> {
  const topics = new Map(rows.map((topic) => [topic.id, topic]))
  return new Map(
    [...topics.values()].map(({ id, slug, label }) => [id, { slug, label, path: pathTo(id, topics) }]),
  )
}

function pathTo(id: string, topics: ReadonlyMap<string, Topic>): string[] {
  const path: string[] = []
  // Stops at a cycle.
  for (let at = topics.get(id); at && !path.includes(at.slug); ) {
    path.unshift(at.slug)
    at = at.parentId === null ? undefined : topics.get(at.parentId)
  }
  return path
}
