/* What a retailer is shown of those whom it supplies, and of its own tariffs. */

export type CustomerView = {
  readonly account: number
  readonly name: string
  readonly status: 'active' | 'suspended'
  readonly hasConsented: boolean
  readonly meters: readonly {
    readonly meter: number
    readonly name: string
    readonly zone: number
    readonly gateway: number | null
  }[]
  readonly prepaidMicros: bigint
  readonly duesMicros: bigint
  readonly openDefaults: number
}

export type RetailerTariffView = {
  readonly fromInterval: number
  readonly retailMicrosPerKwh: bigint
  readonly feedInMicrosPerKwh: bigint
}
