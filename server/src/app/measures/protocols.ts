import type { State } from '@busbar/core/exchange'

/**
 * What a gateway speaks, as far as the registry knows: all send signed batches of registers, and
 * differ in the curve that they sign on. What came from no known gateway has no protocol.
 */
export const protocolOfGateway = (state: State, gateway: number): string => {
  const curve = state.gateways[gateway]?.curve
  return curve === undefined ? 'unknown' : `signed-batch/${curve}`
}

/** Of a physical meter, by its gateway. */
export const protocolOfMeter = (state: State, meter: number): string =>
  protocolOfGateway(state, state.meters[meter]?.gateway ?? -1)
