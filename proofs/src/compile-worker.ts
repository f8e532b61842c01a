/** Compiles one folder after the other in a thread of its own: minutes for the largest circuit. */
import { createRequire } from 'node:module'
import { parentPort } from 'node:worker_threads'
import type { Compilation } from './circuit.ts'

/** Its entry for ES modules is the browser's, hence by `require`. */
const compiler = createRequire(import.meta.url)('@noir-lang/noir_wasm') as
  typeof import('@noir-lang/noir_wasm')

async function compiled(folder: string): Promise<Compilation> {
  const said: string[] = []
  try {
    const manager = compiler.createFileManager(folder)
    const log = (line: string): void => void said.push(line)
    const { program } = await compiler.compile(manager, undefined, log, () => {})
    const { bytecode, abi, noir_version: noirVersion } = program
    return { bytecode, abi, noirVersion }
  } catch (error) {
    // After the first there are often hundreds that follow from it.
    return { said: said.length > 0 ? said.slice(0, 10) : [String(error)] }
  }
}

parentPort?.on('message', (folder: string) => {
  void compiled(folder).then((result) => parentPort?.postMessage(result))
})
