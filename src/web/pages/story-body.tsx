import type { ComponentChildren } from 'preact'
import { imageAddress, linkable, pathOfEntity, type Site } from './site.ts'
import type { StoryBlock, StoryImage } from './story-data.ts'
import { Lines } from './text.tsx'
import type { Words } from './words.ts'

interface BlockProps {
  site: Site
  words: Words
}

/** The body of a story, in reading order. */
export function StoryBody({ blocks, ...props }: BlockProps & { blocks: readonly StoryBlock[] }) {
  return (
    <div class="body" itemprop="articleBody">
      {blocks.map((block) => (
        <Block key={block.position} block={block} {...props} />
      ))}
    </div>
  )
}

function Block({ block, site, words }: BlockProps & { block: StoryBlock }) {
  switch (block.__typename) {
    case 'Paragraph':
      return (
        <p>
          <Lines text={block.text} />
        </p>
      )
    case 'Heading':
      return <Heading level={block.level}>{block.text}</Heading>
    case 'QuotationBlock':
      return <Quotation block={block} site={site} />
    case 'ImageBlock':
      return block.image && <Figure image={block.image} site={site} isLead={false} />
    case 'EmbedBlock':
      return <Post block={block} words={words} />
  }
}

function Heading({ level, children }: { level: number; children: ComponentChildren }) {
  const Tag = `h${Math.min(6, Math.max(2, level))}` as 'h2'
  return <Tag>{children}</Tag>
}

const KINDS = { Person: 'person', Organisation: 'organisation' } as const

function Quotation({
  block: { text, quotation },
  site,
}: {
  block: Extract<StoryBlock, { __typename: 'QuotationBlock' }>
  site: Site
}) {
  const { speaker, roleAsPrinted, via, direct } = quotation
  const said = [
    speaker && (
      <a href={`${site.base}${pathOfEntity(KINDS[speaker.__typename], speaker.slug)}`}>
        <bdi itemprop="spokenByCharacter">{speaker.name}</bdi>
      </a>
    ),
    roleAsPrinted && <bdi>{roleAsPrinted}</bdi>,
    via && <bdi>{via}</bdi>,
  ].filter(Boolean)
  return (
    <figure
      class={direct ? 'quotation' : 'quotation reported'}
      itemscope
      itemtype="https://schema.org/Quotation"
    >
      <blockquote>
        <p itemprop="text">
          <Lines text={text} />
        </p>
      </blockquote>
      {said.length > 0 && (
        <figcaption>{said.flatMap((part, i) => (i > 0 ? [', ', part] : [part]))}</figcaption>
      )}
    </figure>
  )
}

/** An image with its caption and credit. Images after the lead are loaded when they are near. */
export function Figure({ image, site, isLead }: { image: StoryImage; site: Site; isLead: boolean }) {
  const { url, alt, caption, credit } = image
  return (
    <figure class={isLead ? 'picture lead' : 'picture'}>
      <img
        // Absolute: readers and programs that save the page resolve relative addresses by the canonical one.
        src={imageAddress(site, url)}
        alt={alt ?? ''}
        loading={isLead ? 'eager' : 'lazy'}
        decoding="async"
        fetchpriority={isLead ? 'high' : undefined}
      />
      {(caption || credit) && (
        <figcaption>
          {caption && <span class="caption">{caption}</span>}{' '}
          {credit && <small class="credit">{credit}</small>}
        </figcaption>
      )}
    </figure>
  )
}

/** A post of a social network as text, with a link to it. Nothing is loaded from the network. */
function Post({
  block: { embed },
  words: { text, moment },
}: {
  block: Extract<StoryBlock, { __typename: 'EmbedBlock' }>
  words: Words
}) {
  const { provider, url, authorName, handle, postedAt } = embed
  const address = linkable(url)
  const on = text('post.on', { provider })
  return (
    <blockquote
      class="post"
      cite={address ?? undefined}
      dir="auto"
      itemscope
      itemtype="https://schema.org/SocialMediaPosting"
    >
      {embed.text && (
        <p dir="auto" itemprop="text">
          <Lines text={embed.text} />
        </p>
      )}
      <footer>
        {authorName && (
          <bdi class="author" itemprop="author">
            {authorName}
          </bdi>
        )}{' '}
        {handle && <bdi itemprop="alternateName">{handle}</bdi>}{' '}
        {postedAt && (
          <time dateTime={postedAt} itemprop="datePublished">
            {moment(postedAt)}
          </time>
        )}{' '}
        {address ? (
          <a href={address} rel="nofollow noopener" itemprop="url">
            {on}
          </a>
        ) : (
          on
        )}
        <meta itemprop="publisher" content={provider} />
      </footer>
    </blockquote>
  )
}
