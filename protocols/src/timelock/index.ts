export {
  type Check,
  g1Bytes,
  g2Bytes,
  randomBytesPerScalar,
  timelockReady,
  timelockTag,
} from './curve.ts'
export { type LabelParts, labelOf, parseLabel } from './label.ts'
export { createOpener, open, type Opener, type Sealed } from './open.ts'
export {
  ciphertextBytes,
  isCiphertext,
  plaintextBytes,
  seal,
  type SealingKey,
  sealingKey,
  type SealRequest,
} from './seal.ts'
export {
  combine,
  memberIndexMax,
  type PartialSignature,
  signShare,
  verificationKeyOf,
  verifyShare,
  verifySignature,
} from './shares.ts'
export { Ceremony } from './ceremony.ts'
export { type CeremonyOutcome, type Disqualification, type Step } from './ceremony-result.ts'
export {
  type CeremonyMessage,
  ceremonyRounds,
  type CeremonyRound,
  identityKeys,
  type MemberIdentity,
} from './ceremony-message.ts'
export {
  type CeremonyMember,
  type CeremonyPlan,
  type CommitteeKeys,
  planDigest,
  requirePlan,
} from './ceremony-plan.ts'
