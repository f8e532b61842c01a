import { addressOf, type Operation } from './openapi.ts'

/** What is about to be asked, as `fetch` and `curl` take it. */
export type Asking = {
  readonly method: string
  readonly address: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

export type Answer = {
  /** 0 where nothing came back. */
  readonly status: number
  readonly tookMs: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly text: string
  /** A browser would go somewhere else: a script is not told where. */
  readonly isRedirect: boolean
}

/** More of an answer than this is no help on a page. */
export const shownMax = 20_000

/** What of an answer's headers its reader may want to know. */
const shownHeaders = [
  'content-type', 'content-length', 'cache-control', 'etag', 'retry-after',
  'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset',
] as const

export function askingOf(
  operation: Operation,
  values: Readonly<Record<string, string>>,
  body: string | undefined,
): Asking {
  const { method, mediaType, parameters } = operation
  const own = parameters.flatMap(({ path: name, in: place }) => {
    const value = values[name] ?? ''
    return place === 'header' && value !== '' ? [[name, value]] : []
  })
  const headers: Record<string, string> = {
    accept: mediaType === '' ? 'application/json' : mediaType,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...Object.fromEntries(own),
  }
  return { method, address: addressOf(operation, values), headers, body }
}

/** A text as a shell takes it for one word. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/**
 * The same on a command line. A browser's session is in a cookie that nobody can read: a program
 * brings a credential of its own.
 */
export function curlOf(
  { method, address, headers, body }: Asking,
  origin: string,
  isPrivate: boolean,
): string {
  const lines = [
    `curl --include${method === 'GET' ? '' : ` --request ${method}`} ${quoted(origin + address)}`,
    ...Object.entries(headers).map(([name, value]) => `--header ${quoted(`${name}: ${value}`)}`),
    ...(isPrivate ? ['--header "authorization: $BUSBAR_CREDENTIAL"'] : []),
    ...(body === undefined ? [] : [`--data-raw ${quoted(body)}`]),
  ]
  return lines.join(' \\\n  ')
}

/**
 * Asks, and tells what has come so far: once of an answer, again and again of a stream, until it is
 * aborted.
 *
 * @param credential of who asks, where a cookie does not count: for what is more than reading
 */
export async function ask(
  asking: Asking,
  credential: string | undefined,
  signal: AbortSignal,
  tell: (answer: Answer) => void,
): Promise<void> {
  const begun = performance.now()
  const took = (): number => Math.round(performance.now() - begun)
  const nothing = { status: 0, headers: [], text: '', isRedirect: false }
  const { method, address, headers, body } = asking
  const own = credential === undefined ? {} : { authorization: credential }
  let text = ''
  try {
    const response = await fetch(address, {
      ...{ method, headers: { ...headers, ...own }, signal, redirect: 'manual' },
      ...(body === undefined ? {} : { body }),
    })
    if (response.type === 'opaqueredirect') {
      tell({ ...nothing, tookMs: took(), isRedirect: true })
      return
    }
    const told = (tookMs: number): Answer => ({
      ...nothing,
      ...{ status: response.status, tookMs },
      headers: shownHeaders.flatMap((name) => {
        const value = response.headers.get(name)
        return value === null ? [] : [[name, value] as const]
      }),
      text: readable(text),
    })
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false
    const first = took()
    for await (const part of partsOf(response)) {
      text = `${text}${part}`
      if (isStream) tell(told(first))
      if (isStream && text.length > shownMax) return
    }
    tell(told(took()))
  } catch (error) {
    // What has come of a stream stays when its reader has had enough.
    if (!signal.aborted) tell({ ...nothing, tookMs: took(), text: String(error) })
  }
}

async function* partsOf({ body }: Response): AsyncGenerator<string> {
  if (body === null) return
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** JSON with its structure; everything else as it came. */
export function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}
