import { open } from 'node:fs/promises'
import { newApiKey } from '@busbar/client'
import { type GrantScope, grantScopes } from '@busbar/protocols/access'
import type { AccessGrantView } from '@busbar/protocols/api'
import type { Values } from './arguments.ts'
import { UsageError } from './cli-error.ts'
import { exactly, openDesk, required, say, type Task } from './trading/desk.ts'
import { oneOf } from './trading/quantities.ts'
import { table } from './trading/table.ts'
import { timeText } from './trading/times.ts'

/* Keys by which machines read for an account. What is signed and sent is a key's hash alone. */

const list = (text: string): string[] =>
  text.split(',').map((item) => item.trim()).filter((item) => item !== '')

function scopesOf(values: Values): GrantScope[] {
  const scopes = list(values.text('scopes') ?? 'read')
  if (scopes.length === 0) throw new UsageError('--scopes names none')
  return scopes.map((scope) => oneOf(scope, grantScopes, '--scopes'))
}

const create: Task = async (operands, values, output) => {
  exactly(operands, [])
  const label = required(values, 'label', 'what you call it')
  const days = values.integer('days', 90, 1, 400)
  const [scopes, networks] = [scopesOf(values), list(values.text('networks') ?? '')]
  const { key, ...made } = newApiKey()
  const desk = await openDesk(values)
  const now = Date.now()
  const until = now + days * 86_400_000
  const terms = { ...made, kind: 'api_key' as const, scopes, networks, label, until }
  const grant = await desk.signer.accessGrant(terms, now)
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

const tasks = { create, list: listed, revoke } as const

/** `busbar key api-key create|list|revoke`. */
export const apiKeyTask: Task = (operands, values, output) => {
  const [name = '', ...others] = operands
  const task = oneOf(name, ['create', 'list', 'revoke'], 'after api-key')
  return tasks[task](others, values, output)
}
