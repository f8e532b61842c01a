/** What those do who run a market, by its pages. */
import { readFile } from 'node:fs/promises'
import { type BusbarClient, credentialOf, Signer, withPrivateKey } from '@busbar/client'
import type { FaultState, RulebookDocument } from '@busbar/protocols/api'
import { seededKey } from '@busbar/simulator'
import type { Page } from 'playwright-core'
import type { Opened } from './opened.ts'
import { sessionOf } from './sample-session.ts'
import { byName } from './virtual-passkey.ts'

/** Asks one to suspend somebody, or to let somebody in again, with a reason. */
export async function proposeStanding(
  { page }: Opened,
  url: string,
  name: string,
  button: 'Suspend' | 'Let in again',
): Promise<void> {
  await page.goto(`${byName(url)}/operator/participants`)
  await page.getByRole('searchbox').fill(name)
  await page.getByRole('button', { name: `${button}: ${name}`, exact: true }).click()
  await page.locator('.acting input[name=reason]').fill('bills are not paid')
  await page.locator('.acting').getByRole('button', { name: button }).click()
  await page.getByText(/^Proposed as \d+/).waitFor()
}

/** How somebody stands in the market, as it tells everybody. */
export async function standingOf(
  client: BusbarClient,
  name: string,
): Promise<string | undefined> {
  const { participants } = await client.participants({ limit: 500 })
  return participants.find((one) => one.name === name)?.status
}

/** What is broken on purpose, as the market's auditor is told. */
export async function brokenIn(url: string): Promise<FaultState['on']> {
  const { cookie } = await sessionOf(url, 'auditor')
  const headers = { cookie: `${cookie.name}=${cookie.value}` }
  const response = await fetch(`${url}/v1/demo/faults`, { headers })
  return ((await response.json()) as FaultState).on
}

/** One of the two who run the market, who signs without a page. */
async function hand(client: BusbarClient, url: string, name: string): Promise<Signer> {
  const { account } = await sessionOf(url, name)
  const sign = withPrivateKey(seededKey(1, name, 'secp256k1').privateKey)
  return new Signer({ domain: await client.domain(), account, sign })
}

export const rulebooksNow = async (client: BusbarClient, url: string) =>
  client.as(credentialOf(await hand(client, url, 'operator'))).operator.rulebooks()

/** Both of those who run the market sign rules that hold from far ahead. */
export async function scheduleRules(
  client: BusbarClient,
  url: string,
  rulebook: RulebookDocument,
): Promise<void> {
  const { interval } = await client.market()
  const one = await hand(client, url, 'operator')
  const other = await hand(client, url, 'deputy')
  const content = { fromInterval: interval.openFrom + 2_000, rulebook }
  await client.instruct(await one.instruction('schedule_rulebook', content))
  const { proposals } = await client.as(credentialOf(other)).operator.proposals()
  const found = proposals.find(({ status }) => status === 'open')
  if (found === undefined) throw new Error('nothing is proposed')
  const { proposal, instruction: { digest } } = found
  await client.instruct(await other.instruction('approve_proposal', { proposal, digest }))
}

/** What a button of a page that saves tables saves, row by row. */
export async function savedRows(page: Page, button: number): Promise<readonly string[]> {
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save as CSV' }).nth(button).click()
  const text = await readFile(await (await download).path(), 'utf8')
  return text.trimEnd().split('\r\n')
}

/** Asks again and again. @throws Error where it does not hold within a minute */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const endMs = Date.now() + 60_000
  while (!(await holds())) {
    if (Date.now() > endMs) throw new Error('it did not come to that')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
