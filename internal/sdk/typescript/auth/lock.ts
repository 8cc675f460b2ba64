/** How long a lock is held on to, in milliseconds, so that tabs in other processes see by then what was stored. */
const moment = 100

const chains: Record<string, Promise<unknown>> = {}

/** Does one thing at a time under a name: in all tabs of an origin where there are Web Locks, else in this process. */
export const lock = <T>(name: string, work: () => Promise<T>): Promise<T> => {
  const locks = globalThis.navigator?.locks
  if (locks) return new Promise((resolve, reject) => {
    locks.request(name, async () => {
      await work().then(resolve, reject)
      await new Promise((done) => setTimeout(done, moment))
    }).catch(reject)
  })
  const result = (chains[name] ?? Promise.resolve()).then(work)
  chains[name] = result.catch(() => {})
  return result
}
