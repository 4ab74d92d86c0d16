import { writeSync } from 'node:fs'

/** A pipe whose reader is slow is tried so often; a reader that has stopped must not hold the process up. */
const MAX_ATTEMPTS = 3

/**
 * Writes log lines to a file descriptor, each before the call returns, so that a process that is killed has
 * written what it said. A line that can't be written, because a disk is full or a pipe is closed, is lost.
 */
export function lineWriter(fd: number, write: typeof writeSync = writeSync): { write(line: string): void } {
  return {
    write(line) {
      const bytes = Buffer.from(line)
      let written = 0
      for (let attempt = 0; attempt < MAX_ATTEMPTS && written < bytes.length; attempt++) {
        try {
          written += write(fd, bytes, written)
          attempt = -1
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return
        }
      }
    },
  }
}
