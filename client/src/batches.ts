import { bodyBytesMax } from '@busbar/protocols/api'

/** Items of one request, as JSON text, and where they stand among all. */
export type Batch = { readonly first: number; readonly count: number; readonly body: string }

const encoder = new TextEncoder()

/**
 * Cuts a list of commands into requests that the server takes: at most `countMax` items and its
 * largest body. One item that is too large alone still goes, so that the server says so.
 */
export function batchesOf(
  field: string,
  items: readonly unknown[],
  countMax: number,
): readonly Batch[] {
  const head = `{"${field}":[`
  const batches: Batch[] = []
  let texts: string[] = []
  let bytes = 0
  let first = 0
  const close = (): void => {
    if (texts.length === 0) return
    batches.push({ first, count: texts.length, body: `${head}${texts.join(',')}]}` })
    first += texts.length
    texts = []
    bytes = 0
  }
  for (const item of items) {
    const text = JSON.stringify(item)
    // Commands are ASCII but for what people type: only that has more bytes than characters.
    const size = isAscii(text) ? text.length : encoder.encode(text).length
    const full = bytes + size + head.length + texts.length + 2 > bodyBytesMax
    if (texts.length === countMax || full) close()
    texts.push(text)
    bytes += size
  }
  close()
  return batches
}

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text)

/** Runs `task` over all items, at most `concurrency` at a time; results in the items' order. */
export async function inParallel<T, R>(
  items: readonly T[],
  concurrency: number,
  task: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next
      next += 1
      results[index] = await task(items[index] as T)
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker))
  return results
}
