import type { StoryPageQuery } from '../../../schema/documents.ts'

/** The data of the page of a story. */
export type Story = NonNullable<StoryPageQuery['article']>

export type StoryBlock = Story['body'][number]

export type StoryImage = NonNullable<Story['leadImage']>

export type StoryComment = Story['comments']['edges'][number]['node']

/** An article in a list. */
export type Teaser = Story['related'][number]

/** The images of a story, one per address, the lead image first. */
export function imagesOf({ leadImage, body }: Pick<Story, 'leadImage' | 'body'>): StoryImage[] {
  const images = [leadImage, ...body.map((block) => ('image' in block ? block.image : null))]
  const byAddress = new Map<string, StoryImage>()
  for (const image of images) if (image && !byAddress.has(image.url)) byAddress.set(image.url, image)
  return [...byAddress.values()]
}
