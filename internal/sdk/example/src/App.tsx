// The frame: the door for who is not signed in; else the head, what a role may open, and whether there is a network.
import { onlineManager, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getMeOptions } from '@plaza/client/react-query'
import type { User } from '@plaza/client'
import { useEffect, useSyncExternalStore } from 'react'
import { Loading } from './Loading'
import { People } from './People'
import { Person } from './Person'
import { plaza } from './plaza'
import { Posts } from './Posts'
import { useRoute } from './route'
import { Trouble } from './Trouble'

export function App({ refusal }: { refusal: unknown }) {
  const signedIn = useSyncExternalStore(plaza.auth.subscribe, () => plaza.auth.signedIn)
  const queries = useQueryClient()
  useEffect(() => { if (!signedIn) queries.clear() }, [signedIn, queries]) // nothing of one person is left to the next
  return signedIn ? <Board /> : <Door refusal={refusal} />
}

function Door({ refusal }: { refusal: unknown }) {
  const enter = useMutation({ mutationFn: () => plaza.auth.signIn(), networkMode: 'always' })
  const error = enter.error ?? refusal
  return (
    <main className="door card">
      <Brand />
      <h1>What is going on in town</h1>
      <p className="soft">Sign in to see people and to write on the board.</p>
      {error != null && <Trouble error={error} />}
      <button disabled={enter.isPending} onClick={() => enter.mutate()}>Sign in</button>
    </main>
  )
}

function Board() {
  const me = useQuery(getMeOptions(plaza))
  const leave = useMutation({ mutationFn: () => plaza.auth.signOut(), networkMode: 'always' })
  return (
    <>
      <header>
        <Brand />
        {me.data && <Navigation me={me.data} />}
        {me.data && <span className="me">{me.data.name}</span>}
        <button className="quiet" disabled={leave.isPending} onClick={() => leave.mutate()}>Sign out</button>
      </header>
      <Network />
      <main>
        {me.data && <Page me={me.data} />}
        {me.isPending && <Loading isPaused={me.isPaused} />}
        {me.error && <Trouble error={me.error} again={() => void me.refetch()} />}
      </main>
    </>
  )
}

function Navigation({ me }: { me: User }) {
  const { page } = useRoute()
  const current = (name: string) => (page || 'people') === name ? 'page' : undefined
  return (
    <nav aria-label="Pages">
      {me.role === 'admin'
        ? <a href="#/people" aria-current={current('people')}>People</a>
        : <a href={`#/people/${me.id}`} aria-current={current('people')}>You</a>}
      <a href="#/posts" aria-current={current('posts')}>Posts</a>
    </nav>
  )
}

/** Members reach themselves and all posts; the list of people is for admins. */
function Page({ me }: { me: User }) {
  const { page, id } = useRoute()
  if (page === 'posts') return <Posts me={me} />
  if (me.role === 'admin') return <People selected={id} />
  return <Person id={id ?? me.id} />
}

function Network() {
  const online = useSyncExternalStore((listener) => onlineManager.subscribe(listener), () => onlineManager.isOnline())
  return (
    <div role="status">
      {!online && <p className="network">You are offline. What you save waits in this tab until you are back.</p>}
    </div>
  )
}

function Brand() {
  return <p className="brand"><span className="mark" aria-hidden="true" />Town Board</p>
}
