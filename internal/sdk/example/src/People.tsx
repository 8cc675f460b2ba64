// All people, or those whose name begins with what is searched for, and beside them the one who is selected.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { listUsersInfiniteOptions } from '@plaza/client/react-query'
import type { User } from '@plaza/client'
import { useEffect, useState } from 'react'
import { Loading } from './Loading'
import { More } from './More'
import { Person } from './Person'
import { plaza } from './plaza'

export function People({ selected }: { selected: number | undefined }) {
  const [search, setSearch] = useState('')
  const q = useSettled(search.trim(), 250)
  const list = useInfiniteQuery({
    ...listUsersInfiniteOptions(plaza, q ? { size: 20, q } : { size: 20 }),
    placeholderData: keepPreviousData, // the last answer stays while the next is on its way
  })
  const first = list.data?.pages[0]
  const people = list.data?.pages.flatMap((page) => page.items)
  return (
    <div className="split" data-open={selected !== undefined}>
      <title>People · Town Board</title>
      <section className="card" aria-label="People">
        <div className="headline">
          <h1>People</h1>
          {list.isPlaceholderData
            ? <Loading isPaused={list.isPaused} />
            : <p role="status" className="soft">{first && count(first.total, first.total_is_exact)}</p>}
        </div>
        <label htmlFor="search">Search by name</label>
        <input id="search" type="search" autoComplete="off" maxLength={100} placeholder="The beginning of a name"
          value={search} onChange={(event) => setSearch(event.target.value)} />
        <ul className="people" aria-busy={list.isFetching}>
          {people?.map((user) => <Row key={user.id} user={user} selected={user.id === selected} />)}
        </ul>
        {people?.length === 0 && <p className="soft">Nobody is called that.</p>}
        <More list={list} />
      </section>
      {selected === undefined
        ? <p className="hint soft">Choose somebody to read about them, or to change what is wrong.</p>
        : <Person key={selected} id={selected} back="#/people" />}
    </div>
  )
}

function Row({ user, selected }: { user: User; selected: boolean }) {
  return (
    <li>
      <a href={`#/people/${user.id}`} aria-current={selected || undefined}>
        <span className="avatar" aria-hidden="true">{user.name[0]}</span>
        <span className="who"><b>{user.name}</b> <span className="soft">{user.email}</span></span>
        {user.role === 'admin' && <span className="chip">admin</span>}
        {user.status !== 'active' && <span className="chip bad">{user.status}</span>}
      </a>
    </li>
  )
}

function count(total: number, isExact: boolean) {
  if (total === 1) return '1 person'
  return `${total.toLocaleString()} people${isExact ? '' : ' or more'}`
}

/** The value once it has not changed for so many milliseconds. */
function useSettled<T>(value: T, delay: number) {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delay)
    return () => clearTimeout(timer)
  }, [value, delay])
  return settled
}
