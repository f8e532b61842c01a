/**
 * Signatures of passkeys for the contracts' tests, with what the exchange says of each: the chain
 * must say the same. Written and checked by `generate-contracts.ts`.
 */
import { join } from 'node:path'
import { bytesToHex, textToBytes } from '@busbar/protocols/hash'
import { passkeyPoint, passkeyWord } from '@busbar/protocols/passkeys'
import { passkeyCases, TestDevice } from '@busbar/protocols/passkeys/testing'
import { contractsRoot } from './forge.ts'
import { sha256 } from 'viem'

const digest = Uint8Array.from({ length: 32 }, (_, i) => (7 * i * i + 3) & 0xff)
const [device, atHome] = [new TestDevice(1), new TestDevice(2)]

const keyOf = (of: TestDevice, host: string) => {
  const { x, y } = passkeyPoint(of.publicKey)
  return { x: bytesToHex(x), y: bytesToHex(y), hostHash: sha256(textToBytes(host)) }
}

/** The generated file, path and content. */
export function passkeyVectorFiles(): ReadonlyMap<string, string> {
  const hosts = new Map<string, string>([
    [bytesToHex(device.publicKey), 'busbar.example'], [bytesToHex(atHome.publicKey), 'localhost'],
  ])
  const cases = passkeyCases(digest, device, atHome).map(({ name, signature }) => {
    const word = passkeyWord(digest, signature)
    const isRight = word !== undefined && hosts.get(word.publicKey) === word.host
    return { name, signature: bytesToHex(signature), isRight }
  })
  const [phone, home] = [keyOf(device, 'busbar.example'), keyOf(atHome, 'localhost')]
  const content = {
    digest: bytesToHex(digest),
    phone: [phone.x, phone.y, phone.hostHash],
    home: [home.x, home.y, home.hostHash],
    names: cases.map(({ name }) => name),
    signatures: cases.map(({ signature }) => signature),
    // As words of 32 bytes: what the tests read lists of.
    right: cases.map(({ isRight }) => `0x${(isRight ? '1' : '0').padStart(64, '0')}`),
  }
  const path = join(contractsRoot, 'test', 'support', 'passkey-vectors.json')
  return new Map([[path, `${JSON.stringify(content, null, 1)}\n`]])
}
