export { type CommitteeOptions, createCommitteeOpening } from './committee-opening.ts'
