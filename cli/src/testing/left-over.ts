/** Processes that outlive the server that started them, or the server that started those. */
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

/** A watchdog is awake after this time, also on a machine with too much to do. */
const patienceMs = 10_000

/**
 * The commands of the processes that still run with `variable=value` in their environment, after
 * they had time to end. Empty where the system does not tell.
 */
export async function leftOver(variable: string, value: string): Promise<readonly string[]> {
  const end = performance.now() + patienceMs
  for (;;) {
    const found = processes().filter(({ environment }) =>
      environment.split('\0').includes(`${variable}=${value}`),
    )
    if (found.length === 0 || performance.now() > end) return found.map(({ command }) => command)
    await wait(50)
  }
}

function processes(): readonly { readonly command: string; readonly environment: string }[] {
  const read = (pid: string, file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8')
    } catch {
      // It has ended meanwhile, or is somebody else's, or there is no /proc.
      return ''
    }
  }
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => ({
        command: read(pid, 'cmdline').replaceAll('\0', ' ').trim(),
        environment: read(pid, 'environ'),
      }))
  } catch {
    // No /proc here: nobody can tell.
    return []
  }
}
