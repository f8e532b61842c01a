import type { ReplayCheck, ReplayMaterial } from '@busbar/client/replay'
import workerPath from './replay-worker.ts?worker&url'
import type { ReplayNews } from './replay-worker.ts'

/**
 * Works it out again in a worker of its own.
 *
 * @param hear told each check as it is done
 * @throws Error where the worker cannot run
 */
export function replayIn(
  material: ReplayMaterial,
  hear: (check: ReplayCheck) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(scriptOf(workerPath), { type: 'module' })
    const end = (error?: unknown): void => {
      worker.terminate()
      if (error === undefined) resolve()
      else reject(error)
    }
    signal.addEventListener('abort', () => end(signal.reason), { once: true })
    worker.onerror = ({ message }) => end(new Error(message))
    worker.onmessage = ({ data }: MessageEvent<ReplayNews>) => {
      if (data.kind === 'check') hear(data.check)
      else end()
    }
    worker.postMessage(material)
  })
}

type Policies = {
  readonly createPolicy: (
    name: string,
    rules: { readonly createScriptURL: (text: string) => string },
  ) => { readonly createScriptURL: (text: string) => unknown }
}

/** The policy of the pages lets this one script be a worker, and no other text become a script. */
function scriptOf(path: string): string {
  const policies = Reflect.get(globalThis, 'trustedTypes') as Policies | undefined
  if (policies === undefined) return path
  made ??= policies.createPolicy('busbar-worker', {
    createScriptURL: (text) => {
      if (text !== workerPath) throw new TypeError('this is no worker of the pages')
      return text
    },
  })
  return made.createScriptURL(path) as string
}

let made: ReturnType<Policies['createPolicy']> | undefined
