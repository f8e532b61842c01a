import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import { UsageError } from '../cli-error.ts'

/** A file named on the command line; "-" is standard input. @throws UsageError */
export async function contentsOf(file: string): Promise<string> {
  if (file === '-') return await readAll(process.stdin)
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw new UsageError(`${file}: ${error.message}`)
    throw error
  }
}
