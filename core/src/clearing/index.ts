export { compareUtf8, sortByUtf8 } from './byte-order.ts'
export { clear } from './clear.ts'
export { clearColumns, type ColumnsClearing, type RankOrders } from './clear-columns.ts'
export { clearNaive } from './clear-naive.ts'
export {
  type Clearing, type Fill, idLengthMax, type Order, ordersMax, type Side,
} from './order.ts'
export { type OrderColumns, sideNumbers } from './order-columns.ts'
export {
  type AuctionCurves, type CurveStep, curvesOf, type FilledOrder, stepAccountsMin,
} from './curves.ts'
