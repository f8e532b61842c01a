/** The shares of a market's local committee, and what they make: for trying out what they open. */
import { ok } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { KeyFile } from '@busbar/committee'
import { combine, labelOf, open, signShare } from '@busbar/protocols/timelock'
import type { Needle } from './leak-scan.ts'

const memberNames = ['operator', 'retailer', 'regulator'] as const

/** By data directory: opening a share's file takes long on purpose. */
const opened = new Map<string, Shares>()

type Shares = { readonly place: Place; readonly shares: readonly Held[] }
type Place = { readonly chainId: number; readonly intervalLog: string }
type Held = { readonly member: string; readonly index: number; readonly share: string }

/** The members' shares, and where the market is. */
export function sharesOf(dataDir: string): Shares {
  const known = opened.get(dataDir)
  if (known !== undefined) return known
  const folder = join(dataDir, 'committee')
  const secret = readFileSync(join(folder, 'passphrase-development-not-secure'), 'utf8').trim()
  const file = readFileSync(join(folder, 'operator/member.json'), 'utf8')
  const place = (JSON.parse(file) as { readonly market: Place }).market
  const shares = memberNames.map((member): Held => {
    const [held] = KeyFile.open(join(folder, member), secret).secrets.shares
    if (held === undefined) throw new Error(`${member} has no share`)
    return { member, index: held.index, share: held.share }
  })
  const held = { place, shares }
  opened.set(dataDir, held)
  return held
}

/** What each member signs for an interval, and the joint signature that two of them make. */
export function signaturesOf(dataDir: string, interval: number) {
  const { place, shares } = sharesOf(dataDir)
  const label = labelOf({ ...place, zone: 0, interval })
  const partials = shares.map(({ member, index, share }) => ({
    ...{ member, index },
    partial: signShare(share, label),
  }))
  return { partials, joint: combine(2, partials.slice(0, 2)) }
}

export const signatureNeedles = ({ partials, joint }: ReturnType<typeof signaturesOf>): Needle[] =>
  [...partials.map(({ member, partial }) => [member, partial]), ['two', joint]].flatMap(
    ([name, signature = '']) => {
      const bytes = Buffer.from(signature.slice(2), 'hex')
      return [
        { name: `signature of ${name}`, bytes },
        { name: `signature of ${name} in hex`, bytes: Buffer.from(bytes.toString('hex')) },
        {
          name: `signature of ${name} in base64`,
          bytes: Buffer.from(bytes.toString('base64').slice(0, 60)),
        },
      ]
    },
  )

/** What two partial signatures open; null too where one of them is none. */
export function openedWith(
  pair: readonly ({ readonly index: number; readonly partial: string } | undefined)[],
  order: { readonly commitment: string; readonly ciphertext: string },
): Uint8Array | null {
  try {
    const signature = combine(2, pair.flatMap((one) => one ?? []))
    return open({ signature, ...order })
  } catch (error) {
    ok(error instanceof Error && error.message.startsWith('TIMELOCK_MALFORMED'))
    return null
  }
}
