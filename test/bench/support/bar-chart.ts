const WIDTH = 720
const ROW = 22
const HEAD = 30
const CHARACTER = 7
const RIGHT = 70

export interface BarChart {
  title: string
  groups: { name: string; bars: Bar[] }[]
}

export interface Bar {
  name: string
  value: number
  /** What stands beside the bar. */
  label: string
  colour: string
}

/** A chart of horizontal bars, as an SVG document. All bars have one scale. */
export function barChart({ title, groups }: BarChart): string {
  const most = Math.max(...groups.flatMap(({ bars }) => bars.map(({ value }) => value)))
  const longest = Math.max(...groups.flatMap(({ bars }) => bars.map(({ name }) => name.length)))
  const left = 30 + longest * CHARACTER
  const scale = (WIDTH - left - RIGHT) / most
  const parts: string[] = []
  let y = 44
  for (const { name, bars } of groups) {
    if (name !== '') {
      parts.push(`<text x="16" y="${y + 18}" font-weight="bold">${name}</text>`)
      y += HEAD
    }
    for (const bar of bars) {
      const width = bar.value * scale
      parts.push(
        `<text x="${left - 10}" y="${y + 13}" text-anchor="end">${bar.name}</text>`,
        `<rect x="${left}" y="${y}" width="${width.toFixed(1)}" height="${ROW - 5}" fill="${bar.colour}"/>`,
        `<text x="${(left + width + 8).toFixed(1)}" y="${y + 13}">${bar.label}</text>`,
      )
      y += ROW
    }
  }
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 16}" font-family="sans-serif" font-size="13">` +
    `<title>${title}</title><rect width="${WIDTH}" height="${y + 16}" fill="#fff"/>` +
    `<text x="16" y="26" font-size="15" font-weight="bold">${title}</text>${parts.join('')}</svg>\n`
  )
}
