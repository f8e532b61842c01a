import { useSession } from '../app/services.tsx'

/** Whether what is explained is the reader's own: auditors and operators look at any account. */
export const useIsOwn = (account: number): boolean => useSession()?.account === account
