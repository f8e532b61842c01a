/** How many items one request may carry. */
export const batchLimits = {
  orders: 1_000,
  reveals: 1_000,
  cancellations: 1_000,
  withdrawals: 1_000,
  instructions: 1_000,
  contracts: 1_000,
  acceptances: 1_000,
  batches: 100,
  readings: 10_000,
  deviceReadings: 2_000,
} as const
