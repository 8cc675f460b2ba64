const chains: Record<string, Promise<unknown>> = {}

/** Does one thing at a time under a name: in all tabs of an origin where there are Web Locks, else in this process. */
export const lock = <T>(name: string, work: () => Promise<T>): Promise<T> => {
  const locks = globalThis.navigator?.locks
  if (locks) return locks.request(name, work) as Promise<T>
  const result = (chains[name] ?? Promise.resolve()).then(work)
  chains[name] = result.catch(() => {})
  return result
}
