export { clear } from './clear.ts'
export {
  clearColumns, type ColumnsClearing, type OrderColumns, type RankOrders, sideNumbers,
} from './clear-columns.ts'
export { clearNaive } from './clear-naive.ts'
export { compareUtf8 } from './byte-order.ts'
export {
  type Clearing, type Fill, idLengthMax, type Order, ordersMax, type Side,
} from './order.ts'
