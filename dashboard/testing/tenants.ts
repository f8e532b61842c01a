/** Who of a market asks what, and what becomes of it when somebody else asks the same. */
import type { Opened } from './opened.ts'
import { type SampleSession, sessionOf } from './sample-session.ts'

/** The paths that a page asks for and that anybody at all is refused: what is not for everybody. */
export async function privateAsks(
  { page }: Opened,
  url: string,
  visit: () => Promise<void>,
): Promise<readonly string[]> {
  const asked = new Set<string>()
  const hear = (request: { url: () => string; method: () => string }): void => {
    const { pathname, search } = new URL(request.url())
    if (pathname.startsWith('/v1/') && request.method() === 'GET') asked.add(`${pathname}${search}`)
  }
  page.on('request', hear)
  await visit()
  page.off('request', hear)
  const open = [...asked].filter((path) => !path.startsWith('/v1/stream'))
  const codes = await Promise.all(open.map((path) => statusFor(url, path)))
  return open.filter((_path, i) => codes[i] === 401)
}

/** With which status somebody is answered; nobody in particular without a session. */
export async function statusFor(
  url: string,
  path: string,
  session?: SampleSession,
): Promise<number> {
  const headers = session === undefined
    ? {}
    : { cookie: `${session.cookie.name}=${session.cookie.value}` }
  const response = await fetch(`${url}${path}`, { headers })
  await response.arrayBuffer()
  return response.status
}

export const sessionsOf = (
  url: string,
  names: readonly string[],
): Promise<readonly SampleSession[]> => Promise.all(names.map((name) => sessionOf(url, name)))
