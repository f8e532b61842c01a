const mebibyte = 2 ** 20

/** Every limit of the store. Bytes are of UTF-8. */
export const limits = {
  /** A batch of some 100,000 readings with their proof fits. */
  entryBodyBytesMax: 16 * mebibyte,
  entryKindBytesMax: 64,
  /** What one statement carries; a larger batch becomes several in one transaction. */
  statementBytesMax: 4 * mebibyte,
  statementRowsMax: 2_000,
  pageRowsMax: 10_000,
  /** A page ends after the entry that passes this. */
  pageBytesMax: 16 * mebibyte,
  snapshotBytesMax: 512 * mebibyte - 1,
  snapshotPartBytesMax: mebibyte,
  /** What is written to the journal between two calls of the engine's `maintain`. */
  maintenanceBytes: 64 * mebibyte,
  /** The gas limit of a transaction, 2^24, is below a megabyte of calldata; raw adds a little. */
  outboxTextBytesMax: 4 * mebibyte,
  outboxIdBytesMax: 200,
  /** A default with all steps of a ladder is below two kilobytes. */
  noticeBodyBytesMax: 32_768,
  noticeNameBytesMax: 64,
  webhookUrlBytesMax: 4_000,
  /** Each text of a grant, a joined list too. */
  grantTextBytesMax: 2_000,
} as const
