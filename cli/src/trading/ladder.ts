import { LadderError, parseLadder as parse, type WrittenStep } from '@busbar/client'
import { UsageError } from '../cli-error.ts'

export { ladderText, resolveLadder } from '@busbar/client'

/**
 * The option `--ladder`, in plain terms.
 *
 * @throws UsageError with the number of the step, the position of its text (from 1) and the limit
 */
export function parseLadder(text: string): readonly WrittenStep[] {
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof LadderError) throw new UsageError(`--ladder, ${error.message}`)
    throw error
  }
}
