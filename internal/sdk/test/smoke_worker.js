// Smoke in a worker, of Node.js too: it is sent the arguments and answers with what smoke resolves to.
import { smoke } from './smoke.js'

const port = globalThis.postMessage ? globalThis : process.getBuiltinModule('node:worker_threads').parentPort
port.addEventListener('message', async ({ data }) => {
  port.postMessage(await smoke(...data).catch((error) => String(error.stack)))
})
