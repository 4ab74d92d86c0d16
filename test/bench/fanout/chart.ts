import type { Summary } from './run.ts'

const WIDTH = 720
const ROW = 26
const LEFT = 190
const COLOURS = { bare: '#8a8f98', stock: '#c4733a', dateline: '#1f6f8b' } as const

/** A bar chart of the CPU per delivered message, as a ratio to the bare broadcast, as an SVG document. */
export function chart(results: Summary[]): string {
  const most = Math.max(...results.map(({ ratio }) => ratio))
  const height = 70 + results.length * ROW
  const scale = (WIDTH - LEFT - 70) / most
  const rows = results.map(({ variant, sockets, ratio }, i) => {
    const y = 52 + i * ROW
    return (
      `<text x="${LEFT - 10}" y="${y + 14}" text-anchor="end">${variant}, ${sockets.toLocaleString('en')} sockets</text>` +
      `<rect x="${LEFT}" y="${y}" width="${(ratio * scale).toFixed(1)}" height="${ROW - 8}" fill="${COLOURS[variant]}"/>` +
      `<text x="${(LEFT + ratio * scale + 8).toFixed(1)}" y="${y + 14}">${ratio.toFixed(2)}</text>`
    )
  })
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13">` +
    '<title>Server CPU per delivered message, as a ratio to a bare broadcast</title>' +
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>` +
    '<text x="16" y="26" font-size="15" font-weight="bold">Server CPU per delivered message, bare broadcast = 1</text>' +
    `${rows.join('')}</svg>\n`
  )
}
