import { BusbarError } from '@busbar/client'

/** What was asked for, or null: that there is no such thing is an answer too, and may change. */
export async function nullIfMissing<Value>(asked: Promise<Value>): Promise<Value | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof BusbarError && error.code === 'not_found') return null
    throw error
  }
}
