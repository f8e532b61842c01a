type Started = { readonly url: string; readonly stop: () => Promise<void> }

const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

/**
 * Runs a service as a program of its own, with the options that it was given as JSON: says where it
 * listens, and ends in order when it is told to, or when whoever started it is gone.
 */
export async function runService<Options>(
  start: (options: Partial<Options>) => Promise<Started>,
): Promise<void> {
  try {
    const service = await start(JSON.parse(process.argv[2] ?? '{}') as Partial<Options>)
    say({ event: 'ready', url: service.url })
    const stop = (): void => {
      void service.stop().then(() => process.exit(0))
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
    if (process.env.BUSBAR_STOP_WITH_STDIN === '1') process.stdin.resume().once('end', stop)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    process.stderr.write(`${JSON.stringify({ event: 'failed', message })}\n`)
    process.exitCode = 3
  }
}
