/**
 * Goal: what the pages show is what a reader gets.
 * Method: blocks marked `run` are run in the root of the repository, `sh` by bash with `busbar` as
 * a command and `ts` by Node; the block marked `output` that follows is compared with what they
 * print. Generated parts are generated again.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { generateDocs } from './generate-docs.ts'
import { readText, repositoryRoot } from './rooms.ts'
import { pages } from './tidy/documents.ts'
import { lineAt } from './tidy/source.ts'

type Block = {
  readonly where: string
  readonly language: string
  readonly text: string
  readonly output: string | undefined
}

const fence = /^```(\w+) run\n([\s\S]*?)^```\n(?:\n```\w+ output\n([\s\S]*?)^```$)?/gm

const blocks: readonly Block[] = pages().flatMap(({ path, text }) =>
  [...text.matchAll(fence)].map((match) => ({
    where: `${path}:${lineAt(text, match.index)}`,
    language: match[1] ?? '',
    text: match[2] ?? '',
    output: match[3],
  })),
)

const runners: Readonly<Record<string, (text: string) => readonly [string, readonly string[]]>> = {
  sh: (text) => [
    'bash',
    ['-euo', 'pipefail', '-c', `busbar() { "${process.execPath}" cli/src/main.ts "$@"; }\n${text}`],
  ],
  ts: (text) => [process.execPath, ['--input-type=module-typescript', '--eval', text]],
}

describe('blocks that run', () => {
  test('there are some', () => ok(blocks.length >= 5, `${blocks.length}`))
  for (const { where, language, text, output } of blocks) {
    test(where, () => {
      const runner = runners[language]
      ok(runner !== undefined, `nothing runs ${language}`)
      const [command, args] = runner(text)
      // Resolves `@busbar/…` as the scripts do, which may import every room.
      const cwd = repositoryRoot
      const { status, stdout, stderr } = spawnSync(command, [...args], { cwd, encoding: 'utf8' })
      equal(status, 0, stderr)
      if (output !== undefined) equal(stdout, output)
    })
  }
})

test('generated parts are up to date', () => {
  const stale = [...generateDocs()].filter(([path, text]) => readText(path) !== text)
  deepEqual(stale.map(([path]) => path), [], 'npm run generate')
})
