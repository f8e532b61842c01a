import { statfs } from 'node:fs/promises'
import type { Disk } from '../../app/ports/disk.ts'

/** The file system that a directory is on. */
export const diskOf = (directory: string): Disk => ({
  async space() {
    try {
      const { bsize, bavail, blocks } = await statfs(directory)
      return { freeBytes: bavail * bsize, sizeBytes: blocks * bsize }
    } catch {
      // A figure to look at, of a system that has none: the journal's own writes say what fails.
      return undefined
    }
  },
})
