// The end of a list that goes on by a cursor: its next page, that it is the end, or what went wrong.
import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { Loading } from './Loading'
import { Trouble } from './Trouble'

export function More({ list }: { list: UseInfiniteQueryResult }) {
  if (list.error) {
    const again = list.isFetchNextPageError ? list.fetchNextPage : list.refetch
    return <Trouble error={list.error} again={() => void again()} />
  }
  if (list.isPending) return <Loading isPaused={list.isPaused} />
  if (!list.hasNextPage) return null
  return (
    <button className="second" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
      {list.isFetchingNextPage ? 'Loading …' : 'Show more'}
    </button>
  )
}
