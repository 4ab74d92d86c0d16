/** Something that takes room on a shelf. */
export interface Shelved {
  /** Roughly what it takes, in bytes. */
  readonly bytes: number
  /** Called when it has to go because there is no more room. */
  fall(): void
}

/**
 * What all groups of a process keep of results that were sent, together: any client makes a group of its own
 * by asking in other words, so a bound for each would be none. What was put on it first falls off first.
 */
export class Shelf {
  readonly #room: number
  readonly #things = new Set<Shelved>()
  #bytes = 0

  /** @param room in bytes */
  constructor(room: number) {
    this.#room = room
  }

  /** Bytes that are taken. */
  get bytes(): number {
    return this.#bytes
  }

  put(thing: Shelved): void {
    this.#things.add(thing)
    this.#bytes += thing.bytes
    for (const oldest of this.#things) {
      if (this.#bytes <= this.#room) return
      this.take(oldest)
      oldest.fall()
    }
  }

  take(thing: Shelved): void {
    if (this.#things.delete(thing)) this.#bytes -= thing.bytes
  }
}
