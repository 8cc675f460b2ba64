// A person, and the form that changes them without overwriting what somebody else has saved meanwhile.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getUserOptions, getUserQueryKey, namespaceKey, updateUserMutation } from '@plaza/client/react-query'
import { StaleVersionError, type User, type UserPatch } from '@plaza/client'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { Conflict } from './Conflict'
import { Field, faultsAt } from './Field'
import { Loading } from './Loading'
import { plaza } from './plaza'
import { Trouble } from './Trouble'
import { When } from './When'

/** What the form holds: text, as inputs do. */
export interface Draft {
  name: string
  email: string
  age: string
}

export const draftOf = ({ name, email, age }: User): Draft => ({ name, email, age: String(age) })

/** The merge patch that turns `user` into what the form says. */
function patchOf(user: User, { name, email, age }: Draft): UserPatch {
  const patch: UserPatch = {}
  if (name !== user.name) patch.name = name
  if (email !== user.email) patch.email = email
  if (age !== String(user.age)) patch.age = Number(age)
  return patch
}

export function Person({ id, back }: { id: number; back?: string }) {
  const user = useQuery(getUserOptions(plaza, id))
  return (
    <section className="card person" aria-label="Person">
      {back && <a className="back" href={back}>All people</a>}
      {user.data && <Form user={user.data} />}
      {user.isPending && <Loading isPaused={user.isPaused} />}
      {user.error && <Trouble error={user.error} again={() => void user.refetch()} />}
    </section>
  )
}

function Form({ user }: { user: User }) {
  // What is edited, and the person as they were when that began: a newer version must not slip in unseen.
  const [edit, setEdit] = useState<{ base: User; draft: Draft }>()
  const { base, draft } = edit ?? { base: user, draft: draftOf(user) }
  const save = useSave(() => setEdit(undefined))
  const form = useRef<HTMLFormElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const theirs = save.error instanceof StaleVersionError ? save.error.current as User | undefined : undefined
  useEffect(() => { if (location.hash && !theirs) heading.current?.focus() }, [theirs])
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus(), [save.error])

  const submit = (base: User, draft: Draft) => {
    setEdit({ base, draft })
    save.mutate([user.id, patchOf(base, draft), { version: base.version }])
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    submit(base, draft)
  }
  const control = (name: keyof Draft) => ({
    name,
    value: draft[name],
    faults: faultsAt(save.error, `/${name}`),
    onChange: (event: { target: { value: string } }) => {
      if (!save.isPending) save.reset()
      setEdit({ base, draft: { ...draft, [name]: event.target.value } })
    },
    readOnly: save.isPending,
  })

  if (theirs) {
    const choose = (chosen: Draft) => submit(theirs, chosen)
    return <Conflict key={theirs.version} base={base} mine={draft} theirs={theirs} choose={choose} />
  }
  return (
    <form ref={form} noValidate onSubmit={onSubmit}>
      <title>{`${user.name} · Town Board`}</title>
      <h2 ref={heading} tabIndex={-1}>{user.name}</h2>
      <Facts user={user} />
      <Field label="Name" autoComplete="off" {...control('name')} />
      <Field label="E-mail address" type="email" autoComplete="off" {...control('email')} />
      <Field label="Age" type="number" inputMode="numeric" {...control('age')} />
      {save.error && <Trouble error={save.error} again={() => submit(base, draft)} />}
      <div className="actions">
        <button disabled={!edit || save.isPending}>{save.isPending && !save.isPaused ? 'Saving …' : 'Save'}</button>
        {edit && !save.isPending && (
          <button type="button" className="second" onClick={() => { setEdit(undefined); save.reset() }}>Discard</button>
        )}
        <p role="status" className="soft">
          {save.isPaused && 'Saved once you are online.'}
          {save.isSuccess && 'Saved.'}
        </p>
      </div>
    </form>
  )
}

function useSave(done: () => void) {
  const queries = useQueryClient()
  return useMutation({
    ...updateUserMutation(plaza),
    onSuccess: (saved) => {
      queries.setQueryData(getUserQueryKey(saved.id), saved)
      done()
      void queries.invalidateQueries({ queryKey: namespaceKey('users') }) // the list, and who is signed in
    },
  })
}

function Facts({ user }: { user: User }) {
  return (
    <dl>
      <div><dt>Status</dt><dd>{user.status}</dd></div>
      <div><dt>Role</dt><dd>{user.role}</dd></div>
      <div><dt>Joined</dt><dd><When time={user.created_at} /></dd></div>
      {user.updated_at && <div><dt>Changed</dt><dd><When time={user.updated_at} /></dd></div>}
      {user.tags.length > 0 && (
        <div><dt>Tags</dt><dd>{user.tags.map((tag) => <span key={tag} className="chip">{tag}</span>)}</dd></div>
      )}
    </dl>
  )
}
