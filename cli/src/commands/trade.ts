import { UsageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { deskOptions } from '../desk/desk.ts'
import { termOptions } from '../trading/terms.ts'

/** What `busbar trade` can be told to do; what it takes to do it is loaded then. */
const tasks = [
  'card', 'propose', 'counter', 'accept', 'decline', 'modify', 'cancel', 'withdraw',
  'exit', 'offer', 'offers', 'board', 'list', 'show', 'proof', 'deliveries', 'payments',
  'postpone', 'consent', 'defaults', 'appeal',
] as const

export const trade: Command = {
  name: 'trade',
  operands: 'TASK …',
  summary: 'trade with a named party: propose, agree, deliver, be paid',
  help: `Sells or buys energy by a contract that both sides sign. Who is asked for a signature reads
the contract first and names it by the first digits of its digest, so that nobody signs another.

  busbar trade consent rules.txt --as alice      once: to what follows if you do not pay
  busbar trade card --as bob > bob.json          what another needs to name bob in a contract
  busbar trade propose --as alice --sell --with bob.json --from 2026-06-01T14:00Z --intervals 8 \\
    --total 5kWh --price 0.28
  busbar trade list --as bob                     what concerns bob, and what he is asked
  busbar trade show 7 --as bob                   the contract in words, its signatures checked
  busbar trade accept 7 0x1234abcd --as bob      the same bytes signed: it is in force
  busbar trade counter 7 0x1234abcd --as bob --price 0.26
  busbar trade decline 7 --as bob                no; busbar trade withdraw 7 takes back one's own

What is in force:
  busbar trade deliveries 7 --as alice           owed and delivered, and its money, by interval
  busbar trade proof 7 --as alice --node http://127.0.0.1:8545
      that its contracts are on the chain, checked here at a node of your own
  busbar trade modify 7 --as alice --energy 400Wh    asks for a change, which costs a little
  busbar trade cancel 7 --as alice               asks to end it
  busbar trade exit 7 --as bob                   leaves for the fee that the contract names
  busbar trade payments --as bob                 on rails outside of the ledger
  busbar trade postpone 3 --as bob               another term for payment 3, for a fee
  busbar trade defaults --as bob                 what was not paid, and what follows
  busbar trade appeal 2 grounds.pdf --as bob     the default is wrong: nothing follows meanwhile

Without knowing with whom:
  busbar trade offer --as bob --buy --energy 400Wh --from +4 --intervals 4 \\
    --ladder "alice@0.28, zone:3/solar@0.25, anyone@0.20"
  busbar trade board --side sell --zone 3        busbar trade propose --offer N answers one
  busbar trade offers --as bob                   your own, with every step
  busbar trade withdraw --offer 5 --as bob

A ladder is a list of alternatives, first choice first, filled once: WHO@PRICE or WHO/SOURCE@PRICE,
WHO a name, account:N, zone:N or anyone, SOURCE solar, wind, storage or any.`,
  options: {
    ...deskOptions,
    ...termOptions,
    ladder: { type: 'string', value: 'LIST', means: 'of an offer: whom, and at which price' },
    source: { type: 'string', value: 'S', means: 'of an offer: any, solar, wind or storage' },
    rails: { type: 'string', value: 'LIST', means: 'of an offer: every rail that will do' },
    side: { type: 'string', value: 'S', means: 'of the board: buy or sell' },
    zone: { type: 'string', value: 'Z', means: 'of the board: a zone, by name or number' },
    at: { type: 'string', value: 'TIME', means: 'of the board: offers whose window holds it' },
    node: { type: 'string', value: 'URL', means: 'of a proof: a node of the chain (JSON-RPC)' },
  },
  async run(values, output) {
    const [name, ...operands] = values.positionals
    const task = tasks.find((one) => one === name)
    if (task === undefined) {
      const shown = name === undefined ? 'nothing' : name
      throw new UsageError(`trade takes one of ${tasks.join(', ')}; it was given ${shown}`)
    }
    const { tradeTasks } = await import('../trading/trade-tasks.ts')
    return await tradeTasks[task](operands, values, output)
  },
}
