// A plugin for Swagger UI: what it fills in beforehand succeeds, and errors, which are many and alike, take a line each.
export const tryout = {
  statePlugins: { spec: { wrapActions: { updateJsonSpec: (update) => (contract) => update(sparing(contract)) } } },
  wrapComponents: { response: (Response, { React, getComponent }) => briefly(Response, React, getComponent('Markdown', true)) },
}

/** Takes the examples out of parameters that may be left out: several of them together contradict each other. */
function sparing(contract) {
  const { parameters, schemas } = contract.components
  const all = Object.values(contract.paths).flatMap((path) => Object.values(path).flatMap((o) => o.parameters ?? []))
  for (const parameter of [...Object.values(parameters), ...all]) {
    if (parameter.$ref) continue
    if (parameter.required) {
      if (parameter.name === 'If-Match') parameter.example = '*' // whatever version is there
      continue
    }
    const name = parameter.schema.$ref?.split('/').at(-1)
    const { example, ...schema } = name ? schemas[name] : parameter.schema
    parameter.schema = schema
    delete parameter.example
  }
  return contract
}

function briefly(Response, { createElement: h, useState }, Markdown) {
  return function BriefResponse(props) {
    const [whole, setWhole] = useState(props.code < 400)
    if (whole) return h(Response, props)
    return h('tr', { className: 'response' },
      h('td', { className: 'response-col_status' }, props.code),
      h('td', { className: 'response-col_description brief' },
        h(Markdown, { source: props.response.get('description') }),
        h('button', { type: 'button', onClick: () => setWhole(true), 'aria-label': `Example of ${props.code}` }, 'Example')))
  }
}
