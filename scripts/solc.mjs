#!/usr/bin/env node
/**
 * The npm `solc` behind the command line that forge expects of a native compiler: `--version`, and
 * `--standard-json` with the input on stdin. So the compiler is a pinned npm package, and a machine
 * needs no download from elsewhere. Plain JavaScript, because forge starts it with whatever Node is
 * on the path.
 */
import { readFileSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'

const solc = createRequire(import.meta.url)('solc')
const options = process.argv.slice(2)

if (options.includes('--version')) {
  print(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`)
} else {
  const basePath = options[options.indexOf('--base-path') + 1] ?? process.cwd()
  const input = withOneNamePerFile(JSON.parse(readFileSync(0, 'utf8')), basePath)
  print(solc.compile(JSON.stringify(input)))
}

/**
 * forge calls a file outside its root (`../node_modules/…`) by that name where we import it and by
 * its absolute path where it is imported from its neighbour. A native compiler opens files and
 * sees they are one; this one opens none, so the names are made equal first.
 */
function withOneNamePerFile(input, basePath) {
  const name = (path) => (path.startsWith('../') ? resolve(basePath, path) : path)
  const rename = (entries) =>
    Object.fromEntries(Object.entries(entries ?? {}).map(([path, value]) => [name(path), value]))
  const remappings = (input.settings.remappings ?? []).map((remapping) => {
    const [prefix, target] = remapping.split('=')
    return `${prefix}=${name(target)}${target.startsWith('../') && target.endsWith('/') ? '/' : ''}`
  })
  return {
    ...input,
    sources: rename(input.sources),
    settings: {
      ...input.settings,
      remappings,
      outputSelection: rename(input.settings.outputSelection),
    },
  }
}

/** A pipe takes 64 KiB at a time and refuses a write while it is full: go on until all is out. */
function print(text) {
  const bytes = Buffer.from(text)
  let written = 0
  while (written < bytes.length) {
    try {
      written += writeSync(1, bytes, written)
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error
    }
  }
}
