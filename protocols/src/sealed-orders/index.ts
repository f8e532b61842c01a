export * from './field.ts'
export * from './order.ts'
export * from './set-tree.ts'
export * from './statement.ts'
