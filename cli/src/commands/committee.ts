import { exitCodes, UsageError } from '../cli-error.ts'
import type { Command } from '../command.ts'

/** What `busbar committee` can be told to do; each loads only what it needs. */
const tasks = ['init', 'plan', 'approve', 'run', 'dkg', 'reshare', 'status', 'retire'] as const

export const committee: Command = {
  name: 'committee',
  operands: 'TASK …',
  summary: 'be a member of the committee that opens sealed orders',
  help: `Sealed orders open with the joint signature of a committee: any THRESHOLD of its members,
after the gate and not before, and fewer never. Each member runs on a machine of its own and keeps
its share encrypted by a passphrase (BUSBAR_COMMITTEE_PASSPHRASE, or a file that
BUSBAR_COMMITTEE_PASSPHRASE_FILE names).

Once for each member, by its owner, on its machine:
  busbar committee init DIR --name regulator --port 8501 --chain-id 31337 --interval-log 0x…
      draws the member's keys; give DIR/card.json to the other owners by a way they trust
  busbar committee run DIR
      runs the member until it is told to stop

A key for a new committee, or another key for the same one (rotation):
  busbar committee plan PLAN CARD CARD CARD --threshold 2
  busbar committee approve DIR PLAN          each owner, after reading it
  busbar committee dkg PLAN operator=http://… retailers=http://… --out committee.json
      anybody; it carries messages and sees no share

The same key for other members or another threshold; the old members deal:
  busbar committee plan PLAN CARD… --threshold 3 --of committee.json --dealers CARD,CARD
  busbar committee approve DIR PLAN          each owner, of old and new members
  busbar committee reshare PLAN NAME=URL … --out committee-2.json
  busbar committee retire DIR committee-2.json
      erases all shares but this committee's; only then are the old ones worthless

  busbar committee status NAME=URL …         what each member says of itself

The market appoints what stands in committee.json, for a future interval on.`,
  options: {
    name: { type: 'string', value: 'N', means: 'of the member: a-z, 0-9 and "-"' },
    host: { type: 'string', value: 'H', means: 'where the member listens (default 127.0.0.1)' },
    port: { type: 'string', value: 'P', means: 'of the member (default 8500)' },
    'chain-id': { type: 'string', value: 'C', means: 'of the market whose labels it signs' },
    'interval-log': { type: 'string', value: '0x…', means: 'the contract IntervalLog there' },
    'interval-seconds': { type: 'string', value: 'S', means: 'of the market (default 300)' },
    'gate-lead-seconds': {
      type: 'string',
      value: 'S',
      means: 'from the gate to delivery (default 60)',
    },
    'chain-url': {
      type: 'string',
      value: 'URL',
      means: 'a node: sign only what it says is fixed on the chain',
    },
    clock: {
      type: 'string',
      value: 'K',
      means: 'real, or market: stands until it is told the time, development, not secure',
    },
    threshold: { type: 'string', value: 'T', means: 'how many members it takes to sign' },
    of: { type: 'string', value: 'FILE', means: 'the committee whose key is handed on' },
    dealers: { type: 'string', value: 'CARDS', means: 'cards of its members, with commas' },
    out: { type: 'string', value: 'FILE', means: 'where the committee is written' },
  },
  async run(values, output) {
    const [name, ...operands] = values.positionals
    const task = tasks.find((one) => one === name)
    if (task === undefined) {
      const shown = name === undefined ? 'nothing' : name
      throw new UsageError(`committee takes one of ${tasks.join(', ')}; it was given ${shown}`)
    }
    const { committeeTasks } = await import('../committee/tasks.ts')
    await committeeTasks[task](operands, values, output)
    return exitCodes.ok
  },
}
