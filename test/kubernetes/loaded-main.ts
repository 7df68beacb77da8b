import { registerHooks } from 'node:module'

// loaded-main.ts [AKS_RESOURCE_ID]: connects to the cluster, with a kubeconfig or by Azure, and prints which modules of Azure were loaded for it.
const loaded: string[] = []
registerHooks({
  load(url, context, nextLoad) {
    if (url.includes('/@azure/')) loaded.push(url)
    return nextLoad(url, context)
  },
})
const [resourceId] = process.argv.slice(2)
const { connectCluster } = await import('@toygres/providers/kubernetes')
// Whether Azure answers is another matter.
await connectCluster(resourceId === undefined ? {} : { aks: { resourceId } }).catch(() => {})
console.log(loaded.length)
process.exit()
