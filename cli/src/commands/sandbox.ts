import { join } from 'node:path'
import { exitCodes, UsageError } from '../cli-error.ts'
import type { Command } from '../command.ts'

export const sandbox: Command = {
  name: 'sandbox',
  operands: '',
  summary: 'start a small market of contracts, to try out trading by hand',
  help: `Brings up an exchange on this machine with two retailers (north, south), a utility (grid)
and three homes: alice, whose retailer is north, and bob and carol, whose retailer is south. Each
home has a meter (0, 1 and 2) and 50.00 in its account. Everybody's key follows from a seed, so that
--as NAME is enough; so it protects nothing. The market's clock stands until it is moved.

  busbar sandbox
  busbar trade list --as bob          in another terminal: be anybody
  busbar clock +15m                   let time pass

Ctrl-C stops in order; starting again goes on where it stopped. docs/guides/trading-by-contract.md
goes through a whole trade.`,
  options: {
    'data-dir': {
      type: 'string',
      value: 'D',
      means: 'where journal and chain are kept (default .busbar/sandbox)',
    },
    port: { type: 'string', value: 'P', means: 'of the HTTP interface (default 8420)' },
  },
  async run(values, output) {
    if (values.positionals.length > 0) throw new UsageError('sandbox takes no operand')
    const dataDir = values.text('data-dir') ?? join('.busbar', 'sandbox')
    const port = values.integer('port', 8_420, 0, 65_535)
    output.note('Starting the exchange, its database and its chain …')
    const { BusbarClient } = await import('@busbar/client')
    const { startServerProcess } = await import('../market/server-process.ts')
    const { foundSandbox, sandboxEnvironment } = await import('../trading/sandbox.ts')
    const { untilStopped } = await import('../stop-signal.ts')
    const server = await startServerProcess(sandboxEnvironment(dataDir, port))
    try {
      const client = new BusbarClient({ baseUrl: server.url, timeoutMs: 60_000 })
      await foundSandbox(client, dataDir)
      const { url, chainNode: node, pid } = server
      const gatewayKey = join(dataDir, 'gateway.key')
      const { nowMs } = (await client.market()).clock
      const ready = { event: 'ready', url, node, pid, data_dir: dataDir, gateway_key: gatewayKey }
      output.print(values.flag('json') ? JSON.stringify({ ...ready, now_ms: nowMs }) : `
The sandbox is up. Its clock stands at ${new Date(nowMs).toISOString().slice(0, 16)}Z.

  ${url}    the exchange; elsewhere than at port 8420, say --server ${url}
  ${node}   its chain, for --node
  ${gatewayKey}    the key of gateway 0, which reads all meters

  busbar trade card --as bob       be anybody: alice, bob, carol, north, south, grid, operator
  Ctrl-C stops.
`)
      await Promise.race([untilStopped(), server.ended])
    } finally {
      output.note('Stopping …')
      await server.stop()
    }
    return exitCodes.ok
  },
}
