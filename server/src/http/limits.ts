import { bodyBytesMax } from '@busbar/protocols/api'

/** Everything that can grow has a limit. All may be set where the server is put together. */
export type HttpLimits = {
  readonly bodyBytesMax: number
  readonly headerBytesMax: number
  readonly parameterLengthMax: number
  /** Requests being answered at one time; above it the answer is `server_busy`. */
  readonly requestsMax: number
  /** Open connections; above it they are not accepted. */
  readonly connectionsMax: number
  /** From the first byte of a request to its last header, and to its last byte. */
  readonly headersTimeoutMs: number
  readonly requestTimeoutMs: number
  /** Without a request on an open connection. */
  readonly keepAliveTimeoutMs: number
  /** Requests from one address, and private reads of one account, in each window. */
  readonly rate: {
    readonly requestsMax: number
    readonly accountReadsMax: number
    readonly windowMs: number
  }
  readonly stream: {
    readonly streamsMax: number
    /** Events kept for those that come back with Last-Event-ID. */
    readonly historyMax: number
    /** Bytes waiting for one slow reader before it is cut off. */
    readonly bufferBytesMax: number
    readonly heartbeatMs: number
  }
  /** How far ahead a credential may end. */
  readonly credentialMs: number
  /** How long a stop waits for requests under way. */
  readonly stopMs: number
}

export const defaultLimits: HttpLimits = {
  bodyBytesMax,
  headerBytesMax: 16_384,
  parameterLengthMax: 128,
  requestsMax: 1_000,
  connectionsMax: 20_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 60_000,
  rate: { requestsMax: 50_000, accountReadsMax: 2_000, windowMs: 10_000 },
  stream: { streamsMax: 5_000, historyMax: 8_192, bufferBytesMax: 4_194_304, heartbeatMs: 15_000 },
  credentialMs: 24 * 3_600_000,
  stopMs: 10_000,
}
