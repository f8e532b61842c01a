import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { keptJson } from '../services/kept-json.ts'
import type { Identity } from './messages.ts'

export type Credentials = {
  /** Who may admit institutions and parties, set the clock and misbehaviour. */
  readonly adminKey: string
  /** Who may hand files to the bank and fetch its. */
  readonly bankKey: string
  /** The network’s key in PEM, for those whom it writes to. */
  readonly networkKey: string
}

type Kept = Omit<Credentials, 'networkKey'> & { readonly privateKey: string }

export const credentialsFile = 'credentials.json'

/** Those of the folder, made at random when it is used first. */
export function keysIn(folder: string): Kept & Credentials {
  const drawn = (): string => randomBytes(32).toString('hex')
  const kept = keptJson(folder, credentialsFile, (): Kept => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    return { adminKey: drawn(), bankKey: drawn(), privateKey: pem }
  })
  const networkKey = createPublicKey(kept.privateKey).export({ type: 'spki', format: 'pem' })
  return { ...kept, networkKey: networkKey.toString() }
}

export const identityOf = (name: string, { privateKey }: Kept): Identity => ({
  name,
  privateKey: createPrivateKey(privateKey),
})
