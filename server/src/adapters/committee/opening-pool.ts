import { Worker } from 'node:worker_threads'
import type { SealedCiphertext } from '../../app/ports/opening.ts'
import type { OpeningAnswer, OpeningTask } from './opening-worker.ts'

/**
 * Sealing keys in one part: small enough that threads end together, large enough to be worth it.
 */
const keysPerPart = 64

/** `0x` and the 48 bytes of the sealing key's point. */
const pointCharacters = 2 + 2 * 48

type Openings = readonly (Uint8Array | null)[]

type Waiting = {
  readonly task: OpeningTask
  readonly resolve: (openings: Openings) => void
  readonly reject: (error: unknown) => void
}

/** A few threads that open orders, started at the first use and kept. */
export class OpeningPool {
  readonly #size: number
  readonly #idle: Worker[] = []
  readonly #busy = new Map<Worker, Waiting>()
  readonly #queue: Waiting[] = []
  #nextId = 0
  #closed = false

  constructor(size: number) {
    this.#size = size
  }

  /** Starts the threads, so that the first interval need not wait for them. */
  warm(): void {
    while (!this.#closed && this.#idle.length + this.#busy.size < this.#size) this.#start()
  }

  /**
   * Opens orders under one signature, each in its place. Orders of one sealing key go to the same
   * thread, which then computes their pairing once.
   */
  async open(signature: string, orders: readonly SealedCiphertext[]): Promise<Openings> {
    this.warm()
    const openings = new Array<Uint8Array | null>(orders.length).fill(null)
    await Promise.all(
      parts(orders).map(async (places) => {
        const some = places.map((place) => orders[place] as SealedCiphertext)
        const opened = await this.#run(signature, some)
        for (const [i, place] of places.entries()) openings[place] = opened[i] ?? null
      }),
    )
    return openings
  }

  async close(): Promise<void> {
    this.#closed = true
    const stopped = new Error('the opening was stopped')
    for (const { reject } of [...this.#queue.splice(0), ...this.#busy.values()]) reject(stopped)
    await Promise.all([...this.#idle, ...this.#busy.keys()].map((worker) => worker.terminate()))
    this.#idle.length = 0
    this.#busy.clear()
  }

  #run(signature: string, orders: readonly SealedCiphertext[]): Promise<Openings> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new Error('the opening was stopped'))
        return
      }
      const id = (this.#nextId += 1)
      this.#queue.push({ task: { id, signature, orders }, resolve, reject })
      this.#next()
    })
  }

  #start(): void {
    const worker = new Worker(new URL('./opening-worker.ts', import.meta.url))
    worker.unref()
    worker.on('message', (answer: OpeningAnswer) => {
      const waiting = this.#busy.get(worker)
      this.#busy.delete(worker)
      this.#idle.push(worker)
      worker.unref()
      if ('error' in answer) waiting?.reject(answer.error)
      else waiting?.resolve(answer.openings)
      this.#next()
    })
    worker.on('error', (error) => {
      const waiting = this.#busy.get(worker)
      this.#busy.delete(worker)
      const place = this.#idle.indexOf(worker)
      if (place >= 0) this.#idle.splice(place, 1)
      waiting?.reject(error)
      if (this.#queue.length > 0) this.warm()
      this.#next()
    })
    this.#idle.push(worker)
  }

  #next(): void {
    while (this.#queue.length > 0) {
      const worker = this.#idle.pop()
      if (worker === undefined) return
      const waiting = this.#queue.shift() as Waiting
      this.#busy.set(worker, waiting)
      // While it has work the process must not end, and after that it may.
      worker.ref()
      worker.postMessage(waiting.task)
    }
  }
}

/** Places of orders by part: those that name the same point are in the same one. */
function parts(orders: readonly SealedCiphertext[]): readonly (readonly number[])[] {
  const byPoint = new Map<string, number[]>()
  for (const [place, { ciphertext }] of orders.entries()) {
    const point = ciphertext.slice(0, pointCharacters)
    const places = byPoint.get(point)
    if (places === undefined) byPoint.set(point, [place])
    else places.push(place)
  }
  const groups = [...byPoint.values()]
  const count = Math.ceil(groups.length / keysPerPart)
  return Array.from({ length: count }, (_, i) =>
    groups.slice(i * keysPerPart, (i + 1) * keysPerPart).flat(),
  )
}
