import { RequestContext, HttpMethod } from '@kubernetes/client-node'
import { connectCluster } from '@toygres/providers/kubernetes'

// aks-process.ts RESOURCE_ID ENDPOINT: prints where the cluster is, and as whom we ask it.
const [resourceId = '', endpoint = ''] = process.argv.slice(2)
const { config, access } = await connectCluster({ aks: { resourceId, endpoint } })
const newRequest = () => new RequestContext('https://cluster.example/version', HttpMethod.GET)
const request = newRequest()
await Promise.all([
  config.applySecurityAuthentication(newRequest()),
  config.applySecurityAuthentication(request),
])
await config.applySecurityAuthentication(request)
console.log(
  JSON.stringify({
    server: config.getCurrentCluster()?.server,
    authorization: request.getHeaders()['Authorization'] ?? null,
    access,
  }),
)
await config.close()
