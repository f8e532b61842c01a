import type { OrderWord, SignedReading } from '@busbar/protocols/api'
import type { Reader } from './exchange-service.ts'

/** Whose it is; nothing besides to who may not see it, and where there is nothing. */
export type Owned<Answer> = { readonly owner: number; readonly answer: Answer | undefined }

/** What was signed, for those whom it concerns to check it themselves. */
export interface SignatureViews {
  /** An order as it was signed: by its digest, or a sealed one by its commitment. */
  orderWord(
    reader: Reader,
    where: { readonly zone: number; readonly interval: number; readonly digest: string },
  ): Promise<Owned<OrderWord> | undefined>

  /**
   * The reading that counts at a boundary, as its gateway signed it. There is none where nothing
   * was read, and where a replaced device begins: that is no gateway's word.
   *
   * @param reader is shown nothing from which the readings of others could be guessed
   */
  signedReading(
    reader: Reader,
    where: { readonly meter: number; readonly boundary: number },
  ): Promise<Owned<SignedReading> | undefined>
}
