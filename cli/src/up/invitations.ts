import {
  type BusbarClient,
  joinCodeText,
  newJoinCode,
  Signer,
  withPrivateKey,
} from '@busbar/client'
import { joinCodeSecondsMax } from '@busbar/core/exchange'
import type { Market, Participants } from '@busbar/protocols/api'
import { seededKey, signNative } from '@busbar/simulator'
import type { Output } from '../command.ts'

type Participant = Participants['participants'][number]
type Role = Participant['roles'][number]

/** As whom somebody may come in to look around: a word for it, and how many there are of it. */
const guises: readonly (readonly [role: Role, words: string, count: number])[] = [
  ['prosumer', 'a household', 2],
  ['retailer', 'a retailer', 2],
  ['distribution-utility', 'a grid operator', 1],
  ['operator', 'the operator', 2],
  ['auditor', 'the auditor', 1],
]

type Invitation = { readonly words: string; readonly name: string; readonly link: string }

/**
 * Links by which whoever started a simulated market comes in as somebody of it: each a join code
 * that the account's own key issues, which the simulator has. Nobody else could.
 */
async function invitationsTo(
  client: BusbarClient,
  seed: number,
  pages: string,
): Promise<readonly Invitation[]> {
  const [domain, { clock }, { participants }] = await Promise.all([
    client.domain(), client.market(), client.participants({ limit: 500 }),
  ])
  const invite = async (words: string, { account, name }: Participant): Promise<Invitation> => {
    const sign = withPrivateKey(seededKey(seed, name, 'secp256k1').privateKey, signNative)
    const signer = new Signer({ domain, account, sign })
    const code = newJoinCode(account)
    const { hostname } = new URL(pages)
    const content = { participant: account, publicKey: code.publicKey, host: hostname }
    const untilMs = untilOf(clock)
    await client.instruct(await signer.instruction('issue_join_code', { ...content, untilMs }))
    return { words, name, link: `${pages}/join#${joinCodeText(code)}` }
  }
  const wanted = guises.flatMap(([role, words, count]) =>
    participants
      .filter(({ roles, status }) => roles.includes(role) && status === 'active')
      .slice(0, count)
      .map((participant) => invite(words, participant)),
  )
  return Promise.all(wanted)
}

/** Of the market's time, which may run faster than ours; with a minute to get there. */
const untilOf = ({ nowMs }: Market['clock']): number =>
  nowMs + (joinCodeSecondsMax - 60) * 1_000

/** Passkeys belong to a name: pages at a bare address have none. */
const byName = (url: string): string => url.replace('://127.0.0.1:', '://localhost:')

function invitationText(invitations: readonly Invitation[]): string {
  const lines = invitations.map(({ words, name, link }) =>
    `  ${words.padEnd(16)} ${name.padEnd(14)} ${link}`)
  return `
Come in as somebody: each link makes a passkey in your browser, once.

${lines.join('\n')}
`
}

export type Welcomed = {
  readonly seed: number
  readonly hasPages: boolean
  /** How many intervals are run as fast as they go, and print over what was said before. */
  readonly fastIntervals: number
}

/** Says how to come in, when everybody is there, and once more when it can be read. */
export function welcomeTo(
  { client, server }: { readonly client: BusbarClient; readonly server: { readonly url: string } },
  output: Output,
  json: boolean,
  { seed, hasPages, fastIntervals }: Welcomed,
): { readonly say: () => Promise<void>; readonly sayAgain: () => Promise<void> } {
  let invitations: Promise<readonly Invitation[]> = Promise.resolve([])
  let isSaid = fastIntervals === 0
  const print = async (): Promise<void> => {
    try {
      const made = await invitations
      if (made.length === 0) return
      output.print(json ? JSON.stringify({ event: 'invited', made }) : invitationText(made))
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      output.note(`Nobody could be invited to the pages: ${why}`)
    }
  }
  return {
    say: () => {
      if (hasPages) invitations = invitationsTo(client, seed, byName(server.url))
      return print()
    },
    sayAgain: async () => {
      if (isSaid || json) return
      isSaid = true
      await print()
    },
  }
}
