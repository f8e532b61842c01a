/** What those do who run a market, by its pages. */
import type { BusbarClient } from '@busbar/client'
import type { FaultState } from '@busbar/protocols/api'
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

/** Asks again and again. @throws Error where it does not hold within a minute */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const endMs = Date.now() + 60_000
  while (!(await holds())) {
    if (Date.now() > endMs) throw new Error('it did not come to that')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
