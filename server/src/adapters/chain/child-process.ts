/** Processes that may outlive who started them, told apart from others with the same number. */
import { readFileSync } from 'node:fs'

export type StartedProcess = {
  readonly pid: number
  /** Clock ticks from boot to its start; empty where the system does not tell. */
  readonly start: string
}

export const startedProcess = (pid: number): StartedProcess => ({ pid, start: startOf(pid) })

/** Ends the very process that was started, and no other that has its number now. */
export function endProcess({ pid, start }: StartedProcess): void {
  if (!Number.isSafeInteger(pid) || pid <= 1) return
  // Where the start is not known it is left alone: an orphan costs memory, a stranger's end more.
  if (start === '' || startOf(pid) !== start) return
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name in parentheses may contain anything, so fields are counted after its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? '' : (fields[19] ?? '')
  } catch {
    return ''
  }
}
