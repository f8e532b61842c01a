/** What a document may be at most, before anything of it is used. */
export type XmlLimits = {
  readonly bytesMax: number
  readonly depthMax: number
  readonly elementsMax: number
}

/** A message of a few parts. */
export const messageLimits: XmlLimits = { bytesMax: 64 * 1024, depthMax: 12, elementsMax: 400 }

/** A file of a bank: ten thousand transfers or entries and what is said of each. */
export const fileLimits: XmlLimits = {
  bytesMax: 32 * 2 ** 20,
  depthMax: 24,
  elementsMax: 600_000,
}

/** What one element may carry, in any document. */
export const attributesMax = 8
