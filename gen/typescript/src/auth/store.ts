import type { Store } from './types.js'

/** A store's own methods, those of a Storage, or memory. */
export const storeOf = (store: Store | Storage = memory()): Store =>
  'getItem' in store
    ? {
        get: (key) => store.getItem(key),
        set: (key, value) => store.setItem(key, value),
        remove: (key) => store.removeItem(key),
      }
    : store

const memory = (): Store => {
  const values = new Map<string, string>()
  return {
    get: (key) => values.get(key),
    set: (key, value) => values.set(key, value),
    remove: (key) => values.delete(key),
  }
}
