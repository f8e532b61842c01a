import { type ProverLine, type ProverProcess, startProverProcess } from './prover-process.ts'

/** What proofs cost while a market ran. */
export type ProofFigures = {
  /** Batches that were proven, and handed in. */
  readonly made: number
  readonly seconds: { readonly median: number | null; readonly max: number | null }
  readonly failed: number
}

/** A market's prover, from the moment its account exists, and what it has said so far. */
export class ProofRun {
  readonly #url: string
  readonly #key: string
  readonly #say: (text: string) => void
  readonly #seconds: number[] = []
  #failed = 0
  #process: ProverProcess | undefined
  #isStopping = false
  #lastWords: string | undefined

  constructor(url: string, key: string, say: (text: string) => void) {
    this.#url = url
    this.#key = key
    this.#say = say
  }

  start(account: number): void {
    if (this.#process !== undefined || this.#isStopping) return
    const hear = (line: ProverLine): void => this.#hear(line)
    // What it says beside its batches: how far the reference string is that it makes at first.
    this.#process = startProverProcess(this.#url, account, this.#key, hear, this.#say)
    void this.#process.ended.then((words) => {
      if (this.#isStopping) return
      this.#lastWords = words
      this.#say(`The prover has ended; clearings stay without their proof.\n${words}`)
    })
  }

  /** Why there will be no more proofs, if that is so. */
  get ended(): string | undefined {
    return this.#lastWords
  }

  get figures(): ProofFigures {
    const sorted = this.#seconds.toSorted((a, b) => a - b)
    const median = sorted[Math.floor(sorted.length / 2)] ?? null
    const seconds = { median, max: sorted.at(-1) ?? null }
    return { made: sorted.length, seconds, failed: this.#failed }
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    await this.#process?.stop()
  }

  #hear({ event, interval, seconds, error, reason }: ProverLine): void {
    if (event === 'taken') this.#seconds.push(seconds ?? 0)
    if (event !== 'failed' && event !== 'refused') return
    this.#failed += 1
    this.#say(`Interval ${interval} is not proven yet: ${event}, ${reason ?? error ?? 'no reason'}`)
  }
}
