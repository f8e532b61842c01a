import { join } from 'node:path'
import { exitCodes } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { count, rows } from '../text.ts'

export const verify: Command = {
  name: 'verify',
  operands: '',
  summary: 'replay a journal the slow way and compare everything with it',
  help: `Reads the data directory of an exchange that is not running, works on a copy of it, and
checks: every file against the seal of the last orderly stop, the hash chain of the journal, every
signature, every auction and every settlement by the naive implementations, every balance, where
the books were said to stand at every run, and the chain's balances and roots. Of contracts also
that what each run says sums to zero, that every watt-hour of a meter has one owner, that no
retailer was told too little or too much, and that keys could sign when they did. Names each
difference and where it is.

  busbar verify --data-dir .busbar/der-to-cash

Exit code 1 if anything differs.`,
  options: {
    'data-dir': {
      type: 'string',
      value: 'D',
      means: 'of the exchange (default .busbar/der-to-cash)',
    },
  },
  async run(values, output) {
    const dataDir = values.text('data-dir') ?? join('.busbar', 'der-to-cash')
    // Store and chain take most of a second to load: only who verifies waits for them.
    const { verifyMarket } = await import('@busbar/server/verify')
    const report = await verifyMarket({
      dataDir,
      databaseUrl: process.env.DATABASE_URL,
      chainUrl: process.env.CHAIN_URL,
      chainOperatorKey: process.env.CHAIN_OPERATOR_KEY,
      chainAuditor: process.env.CHAIN_AUDITOR,
      chainVerifier: process.env.CHAIN_VERIFIER,
      vaultKeys: process.env.BUSBAR_VAULT_KEY,
      progress: (step, done) => output.progress(`${step}: ${count(done)}`),
    })
    output.progress('')
    if (values.flag('json')) output.print(JSON.stringify(report))
    else {
      const checks = report.checks.map(({ name, result, detail }) => {
        return [name, `${result.padEnd(7)}  ${detail}`] as const
      })
      output.print(rows(checks))
      for (const { check, where, what } of report.differences) {
        output.print(`DIFFERENT  ${check}, ${where}: ${what}`)
      }
      const differences = `${report.differences.length} differences.`
      output.print(report.agrees ? 'Everything agrees.' : differences)
    }
    return report.agrees ? exitCodes.ok : exitCodes.difference
  },
}
