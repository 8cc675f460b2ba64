// The board: everybody's posts, the newest first, and the form for one's own.
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { createPostMutation, listPostsInfiniteOptions, namespaceKey } from '@plaza/client/react-query'
import type { Post, User } from '@plaza/client'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { Field, faultsAt } from './Field'
import { More } from './More'
import { plaza } from './plaza'
import { Trouble } from './Trouble'
import { When } from './When'

const posts = listPostsInfiniteOptions(plaza, { size: 10 })

export function Posts({ me }: { me: User }) {
  const list = useInfiniteQuery(posts)
  return (
    <div className="board">
      <title>Posts · Town Board</title>
      <Write me={me} />
      <section aria-labelledby="posts">
        <h1 id="posts">Posts</h1>
        {list.data?.pages.flatMap((page) => page.items).map((post) => <Entry key={post.id} post={post} />)}
        <More list={list} />
      </section>
    </div>
  )
}

function Entry({ post }: { post: Post }) {
  return (
    <article className="card">
      <h2>{post.title}</h2>
      <p className="soft">{post.author.name} · <When time={post.created_at} /></p>
      <p className="content">{post.content}</p>
    </article>
  )
}

function Write({ me }: { me: User }) {
  const [title, setTitle] = useState('')
  const [content, setContent] = useState('')
  // The same for each try of the same words: where answers are lost nobody knows whether they are on the board already.
  const [idempotencyKey, setKey] = useState(() => crypto.randomUUID())
  const form = useRef<HTMLFormElement>(null)
  const queries = useQueryClient()
  const create = useMutation({
    ...createPostMutation(plaza),
    onSuccess: () => {
      setTitle('')
      setContent('')
      setKey(crypto.randomUUID())
      return queries.invalidateQueries({ queryKey: namespaceKey('posts') })
    },
  })
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus(), [create.error])
  const submit = () => create.mutate([me.id, { title, content }, { idempotencyKey }])
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    submit()
  }
  const edit = (set: (value: string) => void) => (event: { target: { value: string } }) => {
    if (!create.isPending) create.reset()
    setKey(crypto.randomUUID())
    set(event.target.value)
  }
  return (
    <form ref={form} className="card" aria-labelledby="write" noValidate onSubmit={onSubmit}>
      <h2 id="write">Write a post</h2>
      <Field label="Title" autoComplete="off" readOnly={create.isPending} value={title}
        onChange={edit(setTitle)} faults={faultsAt(create.error, '/title')} />
      <Field label="Text" rows={6} readOnly={create.isPending} value={content}
        onChange={edit(setContent)} faults={faultsAt(create.error, '/content')} />
      {create.error && <Trouble error={create.error} again={submit} />}
      <div className="actions">
        <button disabled={create.isPending}>{create.isPending && !create.isPaused ? 'Posting …' : 'Post'}</button>
        <p role="status" className="soft">
          {create.isPaused && 'Posted once you are online.'}
          {create.isSuccess && 'Posted.'}
        </p>
      </div>
    </form>
  )
}
