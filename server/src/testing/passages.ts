/** Named points that a process passes, and where it is to end itself. */
import { openSync, readFileSync, writeSync } from 'node:fs'

/** Called at each point: returns, or does not. */
export type Pass = (point: string) => void

/**
 * Counts every passage in the file `log`, over all the processes that wrote to it one after the
 * other, and kills this one at those that `killAt` names: `store.commit(close_gate)/before:2` is
 * the second time that the commit of a gate is about to begin.
 *
 * A line is written with one call, so it is there after the kill.
 */
export function countedPassages(log: string, killAt: string): Pass {
  const file = openSync(log, 'a+')
  const counts = new Map<string, number>()
  const count = (point: string): number => {
    const passed = (counts.get(point) ?? 0) + 1
    counts.set(point, passed)
    return passed
  }
  for (const line of readFileSync(log, 'utf8').split('\n')) if (line !== '') count(line)
  const deadly = new Set(killAt.split(',').filter((target) => target !== ''))
  return (point) => {
    writeSync(file, `${point}\n`)
    if (!deadly.has(`${point}:${count(point)}`)) return
    writeSync(file, `${killedAt}${point}\n`)
    process.kill(process.pid, 'SIGKILL')
  }
}

/** Begins the line that a process wrote last of all. */
export const killedAt = 'killed at '

/**
 * The same port, with a point before and after each call that `nameOf` names. What has no name (a
 * property, a question that changes nothing) is left alone.
 */
export function withPassages<Port extends object>(
  port: Port,
  pass: Pass,
  nameOf: (method: string, parameters: readonly unknown[]) => string | undefined,
): Port {
  return new Proxy(port, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== 'function') return value
      return (...parameters: unknown[]): unknown => {
        const call = (): unknown => Reflect.apply(value, target, parameters)
        const name = nameOf(String(key), parameters)
        if (name === undefined) return call()
        pass(`${name}/before`)
        const answer = call()
        if (!(answer instanceof Promise)) {
          pass(`${name}/after`)
          return answer
        }
        setImmediate(() => pass(`${name}/during`))
        return answer.then((result: unknown) => {
          pass(`${name}/after`)
          return result
        })
      }
    },
  })
}
