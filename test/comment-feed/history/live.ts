import { addComment, approve, globalId, reject } from '../../support/newsroom.ts'
import type { History, Step } from './plan.ts'
import { type Reader, startReader } from './reader.ts'
import { checkFeed, checkReader } from './verdict.ts'
import { addStory, type World } from './world.ts'

/** A history that is happening. */
interface Story {
  key: string
  history: History
  comments: string[]
  readers: Reader[]
}

/**
 * Lets histories happen at the same time, each under a story of its own, and checks what every reader saw.
 * @throws Error that says what went wrong for whom
 */
export async function live(world: World, histories: History[], restartAfter?: number): Promise<void> {
  const stories = await Promise.all(
    histories.map(async (history): Promise<Story> => {
      const story = await addStory(world.prisma, history.submitted)
      world.planHints(story.key, history.fates)
      return { ...story, history, readers: [] }
    }),
  )
  const lives = stories.map((story) => liveOne(world, story, stories))
  if (restartAfter !== undefined) lives.push(restartDuring(world, restartAfter))
  await Promise.all(lives)
  await Promise.all(stories.map((story) => finish(world, story)))
}

/** Restarts the gateway when so many decisions were made. */
async function restartDuring(world: World, after: number): Promise<void> {
  const start = await world.prisma.decision.count()
  for (let tries = 0; tries < 50; tries++) {
    if ((await world.prisma.decision.count()) - start >= after) break
  }
  await world.restart()
}

async function liveOne(world: World, story: Story, all: Story[]): Promise<void> {
  const { rounds, readers } = story.history
  for (const [index, round] of rounds.entries()) {
    const last = index === rounds.length - 1
    const joining = readers.filter(({ joins }) => joins === index || (last && joins > index))
    story.readers.push(...joining.map((plan) => startReader(story.key, plan, world)))
    await Promise.all(round.map((step, number) => perform(world, story, all, step, number)))
  }
}

async function perform(world: World, story: Story, all: Story[], step: Step, number: number): Promise<void> {
  switch (step.kind) {
    case 'submit': {
      const body = `Comment ${story.comments.length + 1} of ${number}`
      const { id } = await addComment(world.prisma, story.key, { body, by: `${story.key}-${number}` })
      story.comments.push(id)
      return
    }
    case 'approve':
    case 'reject': {
      const comments = step.elsewhere ? all.flatMap((other) => other.comments) : story.comments
      const ids = step.picks.map((pick) => comments[pick % comments.length] as string)
      const outcomes = await (step.kind === 'approve' ? approve : reject)(
        world.prisma,
        ids,
        `Moderator ${number}`,
      )
      for (const outcome of outcomes) {
        if (step.kind === 'reject' && 'comment' in outcome)
          world.takenDown.add(globalId('Comment', outcome.commentId))
      }
      return
    }
    default:
      story.readers[step.who % story.readers.length]?.[step.kind]()
  }
}

/** Approves one last comment, waits until every reader has it, and looks at what they saw. */
async function finish(world: World, story: Story): Promise<void> {
  const { prisma } = world
  await Promise.all(story.readers.map((reader) => reader.settle()))
  const last = await addComment(prisma, story.key, { body: 'The last word', by: story.key })
  await approve(prisma, [last.id])
  const feed = await checkFeed(prisma, story.key)
  for (const reader of story.readers) reader.resume()
  try {
    await Promise.all(story.readers.map((reader) => reader.reaches(feed.length)))
    for (const reader of story.readers) checkReader(reader, feed)
  } finally {
    for (const reader of story.readers) reader.leave()
  }
}
