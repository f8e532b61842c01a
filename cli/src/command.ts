import type { Option, Values } from './arguments.ts'

/** One command of `busbar`: what it takes, what it says of itself, and what it does. */
export type Command = {
  readonly name: string
  /** After the name: `FILE`, `ACCOUNT INTERVAL`. */
  readonly operands: string
  readonly summary: string
  /** What a person needs to know who has never used it, with an example. */
  readonly help: string
  readonly options: Readonly<Record<string, Option>>
  /** Resolves with the exit code. */
  readonly run: (values: Values, output: Output) => Promise<number>
}

export type Output = {
  /** To standard output, with a line end. */
  readonly print: (text: string) => void
  /** To standard error: progress and what a script does not read. */
  readonly note: (text: string) => void
  /** Rewrites one line of standard error where that is a terminal. */
  readonly progress: (text: string) => void
}
