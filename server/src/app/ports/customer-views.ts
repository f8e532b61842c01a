/* What a retailer is shown of those whom it supplies, and of its own tariffs. */
import type { Page } from './exchange-service.ts'
import type { DeviceView } from './key-views.ts'

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
  readonly devices: readonly DeviceView[]
  /** See `isDisputed` of the core. */
  readonly isDisputed: boolean
  readonly prepaidMicros: bigint
  readonly duesMicros: bigint
  readonly openDefaults: number
}

export type RetailerTariffView = {
  readonly fromInterval: number
  readonly retailMicrosPerKwh: bigint
  readonly feedInMicrosPerKwh: bigint
}

/** Where the energy of one customer's meters went in some intervals: sums over both. */
export type CustomerEnergyView = {
  readonly account: number
  readonly importedWh: bigint
  readonly exportedWh: bigint
  /** By contract. */
  readonly soldWh: bigint
  readonly boughtWh: bigint
  /** Given out less taken in, with what the balancing authority made up of it. */
  readonly auctionWh: bigint
  /** The retailer's: one of the two in each interval of a meter. */
  readonly leftImportWh: bigint
  readonly leftExportWh: bigint
  readonly wheelingMicros: bigint
  /** Of its meters, all of them; and those that are not all metered, or not final. */
  readonly intervals: number
  readonly estimated: number
  readonly open: number
}

/** Intervals one after the other. */
export type IntervalSpan = { readonly from: number; readonly intervals: number }

/** A page of whole intervals that ends before one of them, where it is named. */
export type SpanPage = Page & { readonly until?: number | undefined }
