/**
 * Stands for the compiled hash in the browser, where the policy of the pages forbids WebAssembly:
 * refused as it would be there, so that the plain one takes its place.
 */
export const createKeccak = (): Promise<never> =>
  Promise.reject(new Error('WebAssembly is not allowed on this page'))
