export * from './header.ts'
export * from './signature.ts'
