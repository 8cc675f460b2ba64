// A plugin for Swagger UI: what calls an operation, in several languages, each sample complete as it stands.
const storage = 'plaza-docs-language'
const languages = [['typescript', 'TypeScript'], ['go', 'Go'], ['curl', 'curl']]
const printed = 'http://127.0.0.1:8080' // the address of the server in the samples as they are made

/** Makes the plugin. texts has the samples by operationId and language. */
export function samples(texts) {
  return {
    wrapComponents: {
      responses: (Responses, { React, specSelectors }) => {
        const Samples = component(React)
        return (props) => {
          const operation = specSelectors.specJson().getIn(['paths', props.path, props.method])
          const id = operation.get('operationId')
          return React.createElement(React.Fragment, null,
            React.createElement('p', { className: 'needs' }, needs(operation)),
            texts[id] && React.createElement(Samples, { id, texts: texts[id] }),
            React.createElement(Responses, props))
        }
      },
    },
  }
}

/** Says what an operation asks of its caller. */
function needs(operation) {
  const ways = operation.get('security').toJS()
  const scopes = ways.flatMap((way) => way.oauth ?? []).join(' ')
  const roles = operation.get('x-roles')?.join(' or ')
  const token = `an access token${scopes && ` with the scope ${scopes}`}${roles ? `, of the role ${roles}` : ''}`
  if (ways.length === 0) return 'Needs no access token.'
  return ways.some((way) => !way.oauth) ? `Works without an access token, and with ${token}.` : `Needs ${token}.`
}

/** The language that was chosen last, the same for all operations, and whoever wants to hear of a choice. */
const choice = {
  value: localStorage.getItem(storage),
  listeners: new Set(),
  set(value) {
    choice.value = value
    localStorage.setItem(storage, value)
    for (const listener of choice.listeners) listener()
  },
  subscribe(listener) {
    choice.listeners.add(listener)
    return () => choice.listeners.delete(listener)
  },
}

function component(React) {
  const { createElement: h, useRef, useState, useSyncExternalStore } = React

  /** Tabs as WAI-ARIA has them: arrow keys go from one to the next, and the panel follows. */
  return function Samples({ id, texts }) {
    const there = languages.filter(([language]) => texts[language])
    const wanted = useSyncExternalStore(choice.subscribe, () => choice.value)
    const shown = texts[wanted] ? wanted : there[0][0]
    const tabs = useRef({})
    const [copied, setCopied] = useState('')
    const text = texts[shown].replaceAll(printed, location.origin)

    const choose = (language) => {
      choice.set(language)
      setCopied('')
      tabs.current[language].focus()
    }
    const onKeyDown = (event) => {
      const at = there.findIndex(([language]) => language === shown)
      const to = {
        ArrowRight: (at + 1) % there.length, ArrowLeft: (at + there.length - 1) % there.length,
        Home: 0, End: there.length - 1,
      }[event.key]
      if (to === undefined) return
      event.preventDefault()
      choose(there[to][0])
    }
    const copy = () => navigator.clipboard.writeText(text).then(() => setCopied('Copied'), () => setCopied('Not allowed'))

    return h('section', { className: 'samples', 'aria-label': 'Samples' },
      h('div', { className: 'opblock-section-header' },
        h('h4', null, 'Samples'),
        h('div', { role: 'tablist', 'aria-label': 'Language', onKeyDown }, there.map(([language, name]) => h('button', {
          key: language, type: 'button', role: 'tab', id: `${id}-${language}`, 'aria-controls': `${id}-sample`,
          'aria-selected': language === shown, tabIndex: language === shown ? 0 : -1,
          ref: (element) => { tabs.current[language] = element }, onClick: () => choose(language),
        }, name))),
        h('span', { role: 'status' }, copied),
        navigator.clipboard && h('button', { type: 'button', className: 'copy', onClick: copy }, 'Copy')),
      h('pre', { role: 'tabpanel', id: `${id}-sample`, 'aria-labelledby': `${id}-${shown}`, tabIndex: 0 },
        h('code', null, text)))
  }
}
