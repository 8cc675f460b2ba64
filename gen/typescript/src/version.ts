import { StaleVersionError } from './errors.js'

/** Lets what a call throws for a stale version hold the resource as it is now. */
export const orCurrent = async <T, C>(call: Promise<T>, read: () => Promise<C>): Promise<T> => {
  try {
    return await call
  } catch (error) {
    if (error instanceof StaleVersionError) error.current = await read().catch(() => undefined)
    throw error
  }
}

/** How often a change is made anew because somebody else was faster. */
const rounds = 5

/** Reads, asks what to change, changes; and again from what is there now, where somebody else was faster. */
export const updateWith = async <T extends { version: number }, P>(
  read: () => Promise<T>,
  change: (current: T) => P | Promise<P>,
  update: (patch: P, version: number) => Promise<T>,
): Promise<T> => {
  let current = await read()
  for (let round = 1; ; round++) {
    try {
      return await update(await change(current), current.version)
    } catch (error) {
      if (!(error instanceof StaleVersionError) || !error.current || round === rounds) throw error
      current = error.current as T
    }
  }
}
