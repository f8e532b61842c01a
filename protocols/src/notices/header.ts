/** In which header the signature of a notice stands. */
export const noticeSignatureHeader = 'busbar-signature'

/** How far the moment of sending may be from ours, to both sides. */
export const noticeToleranceMs = 300_000
