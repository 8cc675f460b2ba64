// A labelled input with what is wrong with it beside it, for eyes and for screen readers.
import { useId, type ComponentProps } from 'react'
import { ConflictError, ValidationError } from '@plaza/client'

/** What an error says of one property of the body: `/name` is the JSON pointer of `name`. */
export function faultsAt(error: unknown, pointer: string): string[] {
  if (error instanceof ValidationError) return error.fields[pointer] ?? []
  if (!(error instanceof ConflictError)) return []
  return error.errors.filter((fault) => fault.pointer === pointer).map((fault) => fault.detail)
}

type Props = { label: string; faults: string[] }
  & ({ rows: number } & ComponentProps<'textarea'> | { rows?: undefined } & ComponentProps<'input'>)

export function Field({ label, faults, ...control }: Props) {
  const id = useId()
  const described = { id, 'aria-invalid': faults.length > 0, 'aria-describedby': `${id}-faults` }
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {control.rows === undefined ? <input {...control} {...described} /> : <textarea {...control} {...described} />}
      <p className="fault" id={`${id}-faults`}>{faults.join('; ')}</p>
    </div>
  )
}
