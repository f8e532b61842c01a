export { carryCeremony, type CarriedOutcome } from './carrier.ts'
export { approvePlan } from './ceremonies.ts'
export {
  configFrom,
  type MarketTiming,
  type MemberConfig,
  passphraseFrom,
  readConfig,
  readJson,
} from './config.ts'
export { createMember, type MemberCard, planKey, planResharing } from './identity.ts'
export { KeyFile, writeDurably } from './key-file.ts'
export {
  type LocalCommittee,
  type LocalMember,
  type LocalOptions,
  startLocalCommittee,
} from './local-committee.ts'
export { type MemberOptions, type RunningMember, startMember } from './member.ts'
export { type SealedText, TextSealer } from './sealed-text.ts'
