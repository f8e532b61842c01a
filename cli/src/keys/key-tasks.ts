import { randomBytes } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { addressOf, publicKeyOf, publicKeyOfP256 } from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import type { Values } from '../arguments.ts'
import { UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'
import { hasPassphrase, keyIn, sealedKey } from '../desk/keys.ts'
import { rows } from '../text.ts'
import { openDesk, required } from '../desk/desk.ts'
import { oneOf } from '../desk/quantities.ts'

type KeyTask = (file: string, values: Values, output: Output) => Promise<void>

const curveOf = (values: Values): 'secp256k1' | 'p256' =>
  oneOf(values.text('curve') ?? 'secp256k1', ['secp256k1', 'p256'], '--curve')

/** A key that exists is never written over: what it signed for would be lost. */
async function write(file: string, text: string): Promise<void> {
  let handle
  try {
    handle = await open(file, 'wx', 0o600)
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause
    const why = cause.code === 'EEXIST' ? 'is there already' : `cannot be written: ${cause.message}`
    throw new UsageError(`${file} ${why}`, { cause })
  }
  try {
    await handle.writeFile(`${text}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function tell(file: string, key: string, values: Values, output: Output): void {
  const curve = curveOf(values)
  const secret = hexToBytes(key, 32, 'key')
  const publicKey = bytesToHex(curve === 'p256' ? publicKeyOfP256(secret) : publicKeyOf(secret))
  const address = curve === 'p256' ? null : addressOf(publicKeyOf(secret))
  if (values.flag('json')) {
    output.print(JSON.stringify({ file, curve, public_key: publicKey, address }))
    return
  }
  output.print(rows([
    ['curve', curve],
    ['public key', publicKey],
    ...(address === null ? [] : [['address', address] as const]),
  ]))
}

export const keyTasks = {
  async new(file, values, output) {
    const isPlain = values.flag('plain')
    if (!isPlain && !hasPassphrase()) {
      throw new UsageError(
        'BUSBAR_PASSPHRASE has no passphrase to seal the key by; --plain writes it unsealed',
      )
    }
    // A random value outside of the curve's order has a chance of 2^-32 at most.
    const key = bytesToHex(randomBytes(32))
    curveOf(values)
    await write(file, isPlain ? key : await sealedKey(key))
    tell(file, key, values, output)
  },

  async show(file, values, output) {
    tell(file, await keyIn(file), values, output)
  },

  async seal(file, values, output) {
    const text = await readFile(file, 'utf8').catch(() => '')
    if (text.trim().startsWith('{')) throw new UsageError(`${file} is sealed already`)
    const key = await keyIn(file)
    const sealed = await sealedKey(key)
    const { writeDurably } = await import('@busbar/committee')
    writeDurably(file, `${sealed}\n`)
    tell(file, key, values, output)
  },

  async approve(file, values, output) {
    const publicKey = required(values, 'public-key', 'the one that is to take its place')
    if (!/^0x0[23][0-9a-f]{64}$/.test(publicKey)) {
      throw new UsageError('--public-key is 0x02 or 0x03 and 64 hex digits')
    }
    const { me, signer } = await openDesk(values, file)
    const approval = await signer.keyApproval(publicKey)
    if (values.flag('json')) {
      output.print(JSON.stringify({ account: me.account, public_key: publicKey, approval }))
      return
    }
    output.print(`${me.name} approves of ${publicKey}. For the operator:\n${approval}`)
  },
} as const satisfies Record<string, KeyTask>
