#!/usr/bin/env node
// The bootstrap takes the program and its arguments from the command line.
process.argv.splice(2, 0, 'cli/src/main.ts')
await import('../../scripts/bootstrap.mjs')
