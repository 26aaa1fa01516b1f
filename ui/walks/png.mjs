// PNG files, small: a page has few colours and many shades of them at the edges of its letters, which a palette of 256 holds near enough.
import { deflateSync } from 'node:zlib'
import pixelmatch from 'pixelmatch'
import { PNG } from 'pngjs'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const CRC = Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let bit = 0; bit < 8; bit += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c >>> 0
})

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data])
  let crc = 0xffffffff
  for (const byte of body) crc = CRC[(crc ^ byte) & 0xff] ^ (crc >>> 8)
  const all = Buffer.alloc(body.length + 8)
  all.writeUInt32BE(data.length, 0)
  body.copy(all, 4)
  all.writeUInt32BE((crc ^ 0xffffffff) >>> 0, body.length + 4)
  return all
}

const MOST = 256
/** A colour of a palette is at most this far from the one that was drawn, as the sum over red, green and blue: less than an eye sees at the edge of a letter. */
const NEAR = 24
/** Grounds, lines and letters: these are kept as they are. */
const KEPT = 48
const apart = (a, b) => Math.abs((a >> 16) - (b >> 16)) + Math.abs(((a >> 8) & 255) - ((b >> 8) & 255)) + Math.abs((a & 255) - (b & 255))

function colours({ width, height, data }) {
  const all = new Uint32Array(width * height)
  for (let pixel = 0; pixel < all.length; pixel += 1) all[pixel] = (data[pixel * 4] << 16) | (data[pixel * 4 + 1] << 8) | data[pixel * 4 + 2]
  return all
}

/** The colours that are drawn most, and of the others none that is near one that is drawn more; the same picture has always the same ones. */
function paletteOf(all) {
  const counts = new Map()
  for (const colour of all) counts.set(colour, (counts.get(colour) ?? 0) + 1)
  const wanted = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([colour]) => colour)
  for (let near = 0; near <= NEAR; near += 1) {
    const palette = []
    for (const colour of wanted) {
      if (palette.length >= KEPT && palette.some((other) => apart(colour, other) <= near)) continue
      palette.push(colour)
      if (palette.length > MOST) break
    }
    if (palette.length <= MOST) return palette
  }
  return null
}

/** The picture with one byte a pixel, or null when it has too many colours for that. */
function indexed(picture) {
  const all = colours(picture)
  const palette = paletteOf(all)
  if (!palette) return null
  const places = new Map(palette.map((colour, place) => [colour, place]))
  const place = (colour) => {
    if (!places.has(colour)) places.set(colour, places.get(palette.reduce((best, other) => (apart(colour, other) < apart(colour, best) ? other : best))))
    return places.get(colour)
  }
  return { palette, pixels: Uint8Array.from(all, place) }
}

export const read = (bytes) => PNG.sync.read(bytes)

/** As it is saved. Both sides of a comparison are: one that was read, and one that was drawn. */
export function reduced(picture) {
  const few = indexed(picture)
  if (!few) return picture
  const data = Buffer.alloc(picture.data.length, 255)
  few.pixels.forEach((place, pixel) => data.writeUIntBE(few.palette[place], pixel * 4, 3))
  return { width: picture.width, height: picture.height, data }
}

export function write(picture) {
  const few = indexed(picture)
  if (!few) return PNG.sync.write(picture, { colorType: 2, inputColorType: 6, deflateLevel: 9, deflateStrategy: 0, filterType: -1 })
  const { width, height } = picture
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 3, 0, 0, 0], 8)
  // Each row begins with the filter it has: none.
  const rows = Buffer.alloc((width + 1) * height)
  for (let row = 0; row < height; row += 1) rows.set(few.pixels.subarray(row * width, (row + 1) * width), row * (width + 1) + 1)
  const palette = Buffer.from(few.palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))
  return Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('PLTE', palette), chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })), chunk('IEND', Buffer.alloc(0))])
}

/** How many pixels are not the same, and a picture of where. Of two sizes all are. */
export function compared(a, b) {
  if (a.width !== b.width || a.height !== b.height) return { count: b.width * b.height, difference: b }
  if (Buffer.compare(a.data, b.data) === 0) return { count: 0, difference: null }
  const difference = new PNG({ width: a.width, height: a.height })
  return { count: pixelmatch(a.data, b.data, difference.data, a.width, a.height, { threshold: 0, includeAA: true }), difference }
}
