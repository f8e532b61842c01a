import { X509Certificate } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { newApiKey } from '@busbar/client'
import { type GrantScope, grantScopes } from '@busbar/protocols/access'
import type { AccessGrantView } from '@busbar/protocols/api'
import type { Values } from '../arguments.ts'
import { UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'
import { exactly, openDesk, required, say, type Task } from '../desk/desk.ts'
import { oneOf } from '../desk/quantities.ts'
import { table } from '../desk/table.ts'
import { timeText } from '../desk/times.ts'

/* By what others read for an account. Of a key or certificate its hash alone is signed and sent. */

const list = (text: string): string[] =>
  text.split(',').map((item) => item.trim()).filter((item) => item !== '')

function scopesOf(values: Values): GrantScope[] {
  const scopes = list(values.text('scopes') ?? 'read')
  if (scopes.length === 0) throw new UsageError('--scopes names none')
  return scopes.map((scope) => oneOf(scope, grantScopes, '--scopes'))
}

/** How far, from where and how long; what a grant is called. */
function termsIn(values: Values) {
  const label = required(values, 'label', 'what you call it')
  const days = values.integer('days', 90, 1, 400)
  const until = Date.now() + days * 86_400_000
  return { scopes: scopesOf(values), networks: list(values.text('networks') ?? ''), label, until }
}

const create: Task = async (operands, values, output) => {
  exactly(operands, [])
  const how = termsIn(values)
  const { key, ...made } = newApiKey()
  const desk = await openDesk(values)
  const terms = { ...made, kind: 'api_key' as const, ...how }
  const { until } = terms
  const grant = await desk.signer.accessGrant(terms, Date.now())
  const file = values.text('out')
  // Before it counts: a key that counts and that nobody has could only be revoked.
  if (file !== undefined) await keep(file, key)
  await desk.client.access.grant(grant)
  const content = { account: desk.me.account, grant: made.id, until, key: file ?? key }
  const kept = file === undefined ? `${key}\nIt is not shown again.` : `It is in ${file}.`
  const text = `Grant ${made.id} counts until ${timeText(until)}. Its key, for the header ` +
    `"Authorization: Bearer":\n${kept}`
  return say(values, output, content, text)
}

/** Nobody else reads the file, and none is written over. */
async function keep(file: string, key: string): Promise<void> {
  try {
    const handle = await open(file, 'wx', 0o600)
    await handle.writeFile(`${key}\n`)
    await handle.close()
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause
    const why = cause.code === 'EEXIST' ? 'is there already' : `cannot be written: ${cause.message}`
    throw new UsageError(`${file} ${why}`, { cause })
  }
}

const row = ({ id, label, kind, scopes, status, until, lastUsedMs }: AccessGrantView): string[] => [
  ...[id, label, kind, scopes.join(','), status, timeText(until)],
  lastUsedMs === null ? 'never' : timeText(lastUsedMs),
]

const listed: Task = async (operands, values, output) => {
  exactly(operands, [])
  const { client, me } = await openDesk(values)
  const { grants } = await client.access.grants(me.account)
  const head = ['grant', 'label', 'by', 'for', 'status', 'until', 'last used']
  const text = grants.length === 0 ? 'Nobody reads for you.' : table(head, grants.map(row))
  return say(values, output, { account: me.account, grants }, text)
}

const revoke: Task = async (operands, values, output) => {
  const [grant = ''] = exactly(operands, ['GRANT'])
  if (!/^0x[0-9a-f]{32}$/.test(grant)) throw new UsageError('GRANT is 0x and 32 hex digits')
  const { client, signer } = await openDesk(values)
  const { repeated } = await client.access.revoke(await signer.accessRevocation(grant))
  const text = repeated ? `Grant ${grant} had ended.` : `Grant ${grant} has ended.`
  return say(values, output, { grant, repeated }, text)
}

/** `busbar key grant-certificate`: who shows this certificate by TLS reads for the account. */
export const certificateTask: Task = async (operands, values, output) => {
  const [file = ''] = exactly(operands, ['FILE'])
  const subject = await fingerprintIn(file)
  return granted('certificate', subject, values, output)
}

async function fingerprintIn(file: string): Promise<string> {
  try {
    const { fingerprint256 } = new X509Certificate(await readFile(file))
    return `0x${fingerprint256.replaceAll(':', '').toLowerCase()}`
  } catch (cause) {
    throw new UsageError(`${file} holds no certificate: one X.509 certificate, PEM`, { cause })
  }
}

/** `busbar key grant-sign-in`: whom a company's provider says this of reads for the account. */
export const signInTask: Task = async (operands, values, output) => {
  const [issuer = '', value = ''] = exactly(operands, ['ISSUER', 'VALUE'])
  return granted('sign_in', `${issuer} ${value}`, values, output)
}

async function granted(
  kind: 'certificate' | 'sign_in',
  subject: string,
  values: Values,
  output: Output,
): Promise<number> {
  const terms = { kind, subject, ...termsIn(values) }
  const desk = await openDesk(values)
  const grant = await desk.signer.accessGrant(terms, Date.now())
  await desk.client.access.grant(grant)
  const { id, until } = grant
  const text = `Grant ${id} counts until ${timeText(until)}, for ${subject}.`
  return say(values, output, { account: desk.me.account, grant: id, until, subject }, text)
}

const tasks = { create, list: listed, revoke } as const

/** `busbar key api-key create|list|revoke`. */
export const apiKeyTask: Task = (operands, values, output) => {
  const [name = '', ...others] = operands
  const task = oneOf(name, ['create', 'list', 'revoke'], 'after api-key')
  return tasks[task](others, values, output)
}
