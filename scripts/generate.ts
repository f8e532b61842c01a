/**
 * `npm run generate`: writes what is made from other files: keys of circuits and the contracts that
 * verify under them, the contracts' ABI, layouts and gas, and the parts of the reference that stand
 * between marks. With `--check`, exit code 1 if any is stale.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { repositoryRoot } from './rooms.ts'

const generators = ['generate-verifiers.ts', 'generate-contracts.ts', 'generate-docs.ts']

for (const generator of generators) {
  console.log(generator)
  const program = join(repositoryRoot, 'scripts', generator)
  const result = spawnSync(process.execPath, [program, ...process.argv.slice(2)], {
    cwd: repositoryRoot,
    stdio: 'inherit',
  })
  if (result.status !== 0) process.exitCode = 1
}
