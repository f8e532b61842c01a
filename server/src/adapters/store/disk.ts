/** Making directories durable: creating or renaming a file is on disk when its directory is. */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Enough for the disk to answer many at once, few enough descriptors for any system. */
const syncsAtOnce = 16

/**
 * Syncs every file and directory below `directory`, and itself. At once, since a disk makes many
 * durable in the time of one.
 */
export async function syncTree(directory: string): Promise<void> {
  const paths = [directory]
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() || entry.isDirectory()) paths.push(join(entry.parentPath, entry.name))
  }
  const worker = async (): Promise<void> => {
    for (let path = paths.pop(); path !== undefined; path = paths.pop()) await syncPath(path)
  }
  await Promise.all(Array.from({ length: syncsAtOnce }, worker))
}

export function writeFileDurably(path: string, text: string): void {
  const file = openSync(path, 'w', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  const directory = openSync(dirname(path), 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}

async function syncPath(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
