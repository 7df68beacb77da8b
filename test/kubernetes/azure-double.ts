import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The two endpoints of Azure that we talk to, as its documentation has them: managed identity (App Service) and the resource manager. */
export interface AzureDouble extends AsyncDisposable {
  /** For a process that is to take the double for Azure. */
  readonly env: NodeJS.ProcessEnv
  /** For one that is to find a person who has signed in with the Azure CLI. */
  readonly signedIn: NodeJS.ProcessEnv
  readonly resourceManager: string
  /** Method and path of each request, in order. */
  readonly requests: string[]
  /** What the Azure CLI was asked for tokens for, in order. */
  tokensOfCli(): Promise<string[]>
}

/** `az account get-access-token --output json --resource R`, as far as @azure/identity reads it. */
const cli = `#!/bin/sh
while [ "$1" != --resource ]; do shift; done
echo "$2" >>"$0.asked"
printf '{"accessToken":"token-for-%s","expires_on":%s,"tokenType":"Bearer"}' "$2" "$(($(date +%s) + 3600))"
`

const identityHeader = 'a-secret-of-the-platform'

export async function startAzureDouble(kubeconfig: string): Promise<AzureDouble> {
  const directory = await mkdtemp(join(tmpdir(), 'toygres-azure-'))
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
  execFileSync(
    'openssl',
    `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout ${key} -out ${cert}`.split(
      ' ',
    ),
    { stdio: 'ignore' },
  )
  const az = join(directory, 'az')
  await writeFile(az, cli, { mode: 0o755 })
  const requests: string[] = []
  const answer = (response: ServerResponse, status: number, body: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  }
  const record = ({ method, url }: IncomingMessage) => requests.push(`${method} ${url}`)

  const identity = createHttpServer((request, response) => {
    record(request)
    if (request.headers['x-identity-header'] !== identityHeader) return answer(response, 401, {})
    const resource = new URL(request.url ?? '', 'http://127.0.0.1').searchParams.get('resource')
    answer(response, 200, {
      access_token: `token-for-${resource}`,
      expires_on: String(Math.floor(Date.now() / 1000) + 3600),
      resource,
      token_type: 'Bearer',
    })
  })
  const manager = createHttpsServer(
    { key: await readFile(key), cert: await readFile(cert) },
    (request, response) => {
      record(request)
      if (!request.headers.authorization?.startsWith('Bearer token-for-https://management'))
        return answer(response, 401, { error: { code: 'InvalidAuthenticationToken', message: 'no token' } })
      if (request.url?.includes('/managedClusters/forbidden/'))
        return answer(response, 403, {
          error: { code: 'AuthorizationFailed', message: 'may not list credentials' },
        })
      answer(response, 200, {
        kubeconfigs: [{ name: 'clusterUser', value: Buffer.from(kubeconfig).toString('base64') }],
      })
    },
  )
  for (const server of [identity, manager]) {
    server.listen({ host: '127.0.0.1', port: 0 })
    await once(server, 'listening')
  }
  const portOf = (server: { address(): AddressInfo | string | null }) =>
    (server.address() as AddressInfo).port
  return {
    env: {
      IDENTITY_ENDPOINT: `http://127.0.0.1:${portOf(identity)}/msi/token`,
      IDENTITY_HEADER: identityHeader,
      NODE_EXTRA_CA_CERTS: cert,
    },
    resourceManager: `https://127.0.0.1:${portOf(manager)}`,
    signedIn: { PATH: `${directory}:${process.env['PATH']}`, NODE_EXTRA_CA_CERTS: cert },
    requests,
    tokensOfCli: async () => (await readFile(`${az}.asked`, 'utf8')).trim().split('\n'),
    async [Symbol.asyncDispose]() {
      identity.close()
      manager.close()
      manager.closeAllConnections()
      identity.closeAllConnections()
      await rm(directory, { recursive: true })
    },
  }
}
