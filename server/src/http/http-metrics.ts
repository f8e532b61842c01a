import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** What the rim counts. Labels are from closed lists: routes, methods, statuses, codes. */
export type HttpMetrics = {
  readonly answered: (method: string, route: string, status: number, seconds: number) => void
  readonly taken: (route: string, code: string, count: number) => void
}

export function createHttpMetrics(
  registry: Registry,
  gauges: { readonly streams: () => number; readonly requests: () => number },
): HttpMetrics {
  const registers = [registry]
  const duration = new Histogram({
    name: 'busbar_http_request_seconds',
    help: 'Time from the first header to the end of the answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  })
  const items = new Counter({
    name: 'busbar_http_commands_total',
    help: 'Commands of write requests by what became of them.',
    labelNames: ['route', 'code'],
    registers,
  })
  gauge(registry, 'busbar_http_streams', 'Open event streams.', gauges.streams)
  gauge(registry, 'busbar_http_requests', 'Requests being answered.', gauges.requests)
  return {
    answered: (method, route, status, seconds) =>
      duration.labels(method, route, String(status)).observe(seconds),
    taken: (route, code, count) => items.labels(route, code).inc(count),
  }
}

function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  const registers = [registry]
  const made: Gauge = new Gauge({ name, help, registers, collect: () => made.set(read()) })
}
