// Where the person is: the part of the address after #, so that any file server will do and Back works.
import { useSyncExternalStore } from 'react'

export interface Route {
  page: string
  id?: number
}

function subscribe(listener: () => void) {
  addEventListener('hashchange', listener)
  return () => removeEventListener('hashchange', listener)
}

/** `#/people/5` as `{ page: 'people', id: 5 }`. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => location.hash)
  const [, page = '', id] = hash.split('/')
  return id ? { page, id: Number(id) } : { page }
}
