import { expect, test } from 'vitest'
import { createClusterApi } from './api.ts'
import { PooledKubeConfig } from './connection.ts'
import { ToldWatch } from './told-watch.ts'

/** Leads to a cluster whose tokens a program would give, which fails. */
function withoutToken(): PooledKubeConfig {
  const config = new PooledKubeConfig()
  config.loadFromOptions({
    clusters: [{ name: 'somewhere', server: 'http://127.0.0.1:1', skipTLSVerify: true }],
    users: [
      {
        name: 'somebody',
        exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'false', interactiveMode: 'Never' },
      },
    ],
    contexts: [{ name: 'here', cluster: 'somewhere', user: 'somebody' }],
    currentContext: 'here',
  })
  return config
}

const refusal = { code: 'CREDENTIALS_REFUSED', permanent: false }

test('credentials that are not to be had are no outage of the cluster', async () => {
  const api = createClusterApi(withoutToken(), 'toygres').within(0)
  await expect(api.ping()).rejects.toMatchObject(refusal)
})

test('a watch that they end is told so, and nobody else', async () => {
  const ended = await new Promise((resolve) => {
    void new ToldWatch(withoutToken(), () => {}).watch('/api/v1/pods', {}, () => {}, resolve)
  })
  expect(ended).toMatchObject(refusal)
})
