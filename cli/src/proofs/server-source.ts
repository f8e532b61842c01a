import type { BusbarClient } from '@busbar/client'
import type { ProvingSource, ProvingWork } from '@busbar/proofs'
import type { ProvingClaim } from '@busbar/protocols/api'

/** The exchange's queue of batches, over HTTP. */
export function serverSource(
  client: Pick<BusbarClient, 'claimProving' | 'handInProof'>,
  wanted: { readonly sizeMax: number; readonly zones?: readonly number[] | undefined },
): ProvingSource {
  const { sizeMax, zones } = wanted
  return {
    async claim() {
      const body = { sizeMax, ...(zones === undefined ? {} : { zones: [...zones] }) }
      const claim = await client.claimProving(body)
      return claim === null ? null : workOf(claim)
    },
    handIn({ zone, interval, publicInputs }, { size, proof }) {
      const [context = '', ordersRoot = '', fillsRoot = '', header = ''] = publicInputs
      const statement = { context, ordersRoot, fillsRoot, header }
      const hex = `0x${Buffer.from(proof).toString('hex')}`
      return client.handInProof({ zone, interval, size, proof: hex, statement })
    },
  }
}

/** A claim as the prover takes it: the orders are those of the batch. */
export function workOf(claim: ProvingClaim): ProvingWork {
  const { zone, interval, leaseUntilMs, statement, orders } = claim
  const { context, ordersRoot, fillsRoot, header } = statement
  return {
    ...{ zone, interval, leaseUntilMs },
    batch: { context, orders },
    publicInputs: [context, ordersRoot, fillsRoot, header],
  }
}
