import { writeSync } from 'node:fs'

/** Attempts to write to a full pipe; a reader that has stopped must not block the process. */
const MAX_ATTEMPTS = 3

/**
 * Writes log lines to a file descriptor synchronously, so that a killed process has written its last lines. A
 * line that can't be written, because the disk is full or the pipe closed, is lost.
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
