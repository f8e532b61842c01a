/** The chain beside an embedded market, asked by itself and not through the exchange. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** @throws Error where no node of the market runs on this machine */
function nodeUrl(dataDir: string): string {
  const told = readFileSync(join(dataDir, 'chain', 'anvil.json'), 'utf8')
  const { pid } = JSON.parse(told) as { readonly pid: number }
  const said = execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
  const port = /--port (\d+)/.exec(said)?.[1]
  if (port === undefined) throw new Error(`process ${pid} is no node with a port`)
  return `http://127.0.0.1:${port}`
}

/** `balanceOf(address)` of an ERC-20. */
const balanceOf = '0x70a08231'

/** What `holder` has of `token` in the newest block, in its smallest unit. */
export async function tokensOf(dataDir: string, token: string, holder: string): Promise<bigint> {
  const data = `${balanceOf}${holder.slice(2).padStart(64, '0')}`
  const body = JSON.stringify({
    ...{ jsonrpc: '2.0', id: 1, method: 'eth_call', params: [{ to: token, data }, 'latest'] },
  })
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(nodeUrl(dataDir), { method: 'POST', headers, body })
  const { result } = (await answer.json()) as { readonly result?: string }
  if (result === undefined) throw new Error('the chain does not say what somebody has')
  return BigInt(result)
}
