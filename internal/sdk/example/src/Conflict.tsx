// Two people have changed the same one: both versions side by side, field by field, to choose from.
import type { User } from '@plaza/client'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { draftOf, type Draft } from './Person'
import { When } from './When'

const labels = { name: 'Name', email: 'E-mail address', age: 'Age' }
const fields = ['name', 'email', 'age'] as const

/** `base` is what both began with, `mine` what was to be saved, `theirs` what is stored now. */
export function Conflict({ base, mine, theirs, choose }: {
  base: User
  mine: Draft
  theirs: User
  choose: (draft: Draft) => void
}) {
  const stored = draftOf(theirs)
  const changed = (field: keyof Draft) => mine[field] !== draftOf(base)[field]
  const [draft, setDraft] = useState<Draft>({
    name: changed('name') ? mine.name : stored.name,
    email: changed('email') ? mine.email : stored.email,
    age: changed('age') ? mine.age : stored.age,
  })
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    choose(draft)
  }
  return (
    <form onSubmit={submit}>
      <h2 ref={heading} tabIndex={-1}>Somebody else was faster</h2>
      <p className="soft">
        {base.name} was changed while you were editing{theirs.updated_at && <>, on <When time={theirs.updated_at} /></>}.
        Choose what to keep.
      </p>
      {fields.map((field) => (
        <fieldset key={field} className="choice">
          <legend>{labels[field]}</legend>
          {mine[field] === stored[field]
            ? <p className="same">{mine[field]} <span className="soft">in both</span></p>
            : [mine, stored].map((version) => (
              <label key={version === mine ? 'mine' : 'theirs'}>
                <input type="radio" name={field} checked={draft[field] === version[field]}
                  onChange={() => setDraft({ ...draft, [field]: version[field] })} />
                <span><span className="soft">{version === mine ? 'Yours' : 'Theirs'}</span> {version[field]}</span>
              </label>
            ))}
        </fieldset>
      ))}
      <div className="actions">
        <button>Save this choice</button>
        <button type="button" className="second" onClick={() => choose(stored)}>Take all of theirs</button>
      </div>
    </form>
  )
}
