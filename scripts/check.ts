/** `npm run check`: what is known of a change without running it: types, and the house rules. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { repositoryRoot } from './rooms.ts'

const result = spawnSync(
  process.execPath,
  [join(repositoryRoot, 'scripts', 'test.ts'), 'types', 'scripts/tidy'],
  { stdio: 'inherit' },
)
process.exitCode = result.status ?? 1
