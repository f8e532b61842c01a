import type { ProposalView } from '@busbar/protocols/api'
import type { Formats } from '../format/formats.ts'
import type { TextKey } from '../texts/en.ts'
import type { Texts } from '../texts/texts.ts'

type Instruction = ProposalView['instruction']
type Of<Kind extends Instruction['kind']> = Extract<Instruction, { kind: Kind }>['content']

/** As text; or as accounts, to be named; or as bytes, to be taken along. */
export type Fact = readonly [
  title: TextKey,
  value: string | { readonly accounts: readonly number[] } | { readonly bytes: string },
]

export type Telling = {
  readonly texts: Pick<Texts, 'say'>
  readonly formats: Pick<Formats, 'count' | 'exactEnergy' | 'moment'>
  readonly zoneName: (zone: number) => string
  readonly intervalMs: number
}

/** What an instruction is about, in words: all of its content, which is what is signed. */
export function factsOf(instruction: Instruction, telling: Telling): readonly Fact[] {
  switch (instruction.kind) {
    case 'admit_participant':
      return admissionFacts(instruction.content, telling)
    case 'suspend_participant':
    case 'reinstate_participant': {
      const { participant, reason } = instruction.content
      return [
        ['proposals.whom', { accounts: [participant] }],
        ...(reason === undefined ? [] : [['proposals.reason', reason] as const]),
      ]
    }
    case 'replace_key':
      return keyFacts(instruction.content, telling)
    case 'schedule_rulebook': {
      const { rulebook, fromInterval } = instruction.content
      return [
        ['proposals.rulebook', `${rulebook.name} ${rulebook.version}`],
        ['proposals.from', intervalText(fromInterval, telling)],
      ]
    }
    case 'appoint_committee':
      return committeeFacts(instruction.content, telling)
    case 'assign_utility': {
      const { zone, utility } = instruction.content
      return [
        ['meters.filter.zone', telling.zoneName(zone)],
        ['meters.detail.utility', { accounts: [utility] }],
      ]
    }
    case 'record_agreement':
      return agreementFacts(instruction.content, telling)
    case 'decide_appeal': {
      const { default: number, upheld } = instruction.content
      return [
        ['proposals.default', `${number}`],
        ['proposals.appeal', telling.texts.say(`proposals.appeal.${upheld ? 'upheld' : 'not'}`)],
      ]
    }
    case 'register_gateway': {
      const { name, curve, publicKey, owner } = instruction.content
      return [
        ['meters.column.gateway', name],
        ['meters.detail.owner', { accounts: [owner] }],
        ['meters.detail.key', { bytes: publicKey }],
        ['proposals.curve', curve],
      ]
    }
    case 'register_meter':
      return meterFacts(instruction.content, telling)
    case 'replace_meter':
      return deviceFacts(instruction.content, telling)
  }
}

function admissionFacts(content: Of<'admit_participant'>, { texts }: Telling): readonly Fact[] {
  const { name, roles, address, publicKey, retailer } = content
  return [
    ['proposals.whom', name],
    ['people.column.roles', roles.map((role) => texts.say(`role.${role}`)).join(', ')],
    ['admit.retailer', retailer === null ? '–' : { accounts: [retailer] }],
    ['proposals.key', { bytes: publicKey }],
    ['proposals.address', { bytes: address }],
  ]
}

function keyFacts(content: Of<'replace_key'>, { texts }: Telling): readonly Fact[] {
  const { participant, address, publicKey, approval } = content
  return [
    ['proposals.whom', { accounts: [participant] }],
    ['proposals.key', { bytes: publicKey }],
    ['proposals.address', { bytes: address }],
    [
      'proposals.approval',
      approval === undefined ? texts.say('proposals.approval.none') : { bytes: approval },
    ],
  ]
}

function committeeFacts(content: Of<'appoint_committee'>, telling: Telling): readonly Fact[] {
  const { fromInterval, publicKey, threshold, members } = content
  const { texts, formats } = telling
  return [
    ['proposals.from', intervalText(fromInterval, telling)],
    [
      'proposals.threshold',
      texts.say('proposals.threshold.text', {
        threshold: formats.count(threshold), count: formats.count(members.length),
      }),
    ],
    ['proposals.committeeKey', { bytes: publicKey }],
    ...members.flatMap(({ index, name, verificationKey }): Fact[] => [
      ['proposals.member', `${index}: ${name}`],
      ['proposals.memberKey', { bytes: verificationKey }],
    ]),
  ]
}

function agreementFacts(content: Of<'record_agreement'>, telling: Telling): readonly Fact[] {
  const { retailers, basis, documentHash, fromInterval, untilInterval } = content
  return [
    ['proposals.between', { accounts: retailers }],
    ['retailer.agreement.basis', telling.texts.say(`retailer.agreement.${basis}`)],
    ['retailer.agreement.document', { bytes: documentHash }],
    ['proposals.from', intervalText(fromInterval, telling)],
    ['proposals.until', untilInterval === null ? '–' : intervalText(untilInterval, telling)],
  ]
}

function meterFacts(content: Of<'register_meter'>, telling: Telling): readonly Fact[] {
  const { name, kind, account, zone, gateway, importWattsMax, exportWattsMax, digits } = content
  const { texts, formats } = telling
  // To the watt: this is signed.
  const watts = (value: number): string => `${formats.count(value)}\u00a0W`
  const rating = { imported: watts(importWattsMax), exported: watts(exportWattsMax) }
  return [
    ['meters.column.meter', name],
    ['meters.column.owner', { accounts: [account] }],
    ['meters.column.kind', texts.say(`meters.kind.${kind}`)],
    ['meters.filter.zone', telling.zoneName(zone)],
    ['meters.column.gateway', gateway === null ? '–' : `${gateway}`],
    ['meters.detail.rating', texts.say('meters.detail.rating.text', rating)],
    ['meters.detail.digits', formats.count(digits)],
  ]
}

function deviceFacts(content: Of<'replace_meter'>, telling: Telling): readonly Fact[] {
  const { meter, boundary, finalImportWh, finalExportWh, digits } = content
  const { texts, formats } = telling
  const registers = (importWh: number, exportWh: number): string =>
    texts.say('proposals.registers.text', {
      imported: formats.exactEnergy(importWh), exported: formats.exactEnergy(exportWh),
    })
  return [
    ['meters.column.meter', `${meter}`],
    ['proposals.boundary', intervalText(boundary, telling)],
    ['proposals.registers.final', registers(finalImportWh, finalExportWh)],
    [
      'proposals.registers.initial',
      registers(content.initialImportWh, content.initialExportWh),
    ],
    ['meters.detail.digits', formats.count(digits)],
  ]
}

/** When an interval begins, and its number: that is what is signed. */
const intervalText = (interval: number, { formats, intervalMs }: Telling): string =>
  `${formats.moment(interval * intervalMs)} (${interval})`
