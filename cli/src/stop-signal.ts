/** Resolves when this process is told to stop: by a signal, or as whoever started it is gone. */
export async function untilStopped(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
    if (process.env.BUSBAR_STOP_WITH_STDIN === '1') {
      process.stdin.resume().once('end', () => resolve())
    }
  })
}
