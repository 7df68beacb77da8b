import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from './harness/browser.ts'
import { openConsoleWorld, signIn, type ConsoleWorld } from './harness/index.ts'

describe.skipIf(!hasBrowser)('signing in to the console (needs Chromium)', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    world = await openConsoleWorld()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  test('whoever has a key gets in, to the page that they asked for; nothing of the key stays in the browser', async () => {
    await using visit = await world.visit()
    const { page, complaints } = visit
    await page.goto('/console/system')
    await page.getByLabel('API key').fill('toygres_0000000000000000_wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('This API key is not known').waitFor()
    // The browser itself says so of each 401.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('401')])

    const apiKey = await world.plane.apiKey()
    await page.getByLabel('API key').fill(apiKey)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'System', exact: true }).waitFor()

    const secret = apiKey.slice(-43)
    // A text, since what it names is the page's.
    const kept = await page.evaluate<string>(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])',
    )
    expect(kept).not.toContain(secret)
    expect(kept).not.toContain('toygres_session')
    const cookies = await page.context().cookies()
    expect(cookies).toMatchObject([{ httpOnly: true, sameSite: 'Strict', path: '/' }])
    expect(JSON.stringify(cookies)).not.toContain(secret)
    expect(complaints).toEqual([])
  })

  test('signing out ends the session for good, wherever its cookie still is', async () => {
    await using visit = await world.signedIn()
    const { page, complaints } = visit
    const [cookie] = await page.context().cookies()
    await page.getByRole('button', { name: /Signed in with the key/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in to Toygres' }).waitFor()
    expect(complaints).toEqual([])

    const { status } = await fetch(`${await world.plane.url()}/trpc/system.status`, {
      headers: { cookie: `${cookie?.name}=${cookie?.value}`, 'x-toygres-console': '1' },
    })
    expect(status).toBe(401)
  })

  test('a session whose key is revoked asks to sign in again', async () => {
    const sdk = await world.plane.sdk()
    const { key, secret } = await sdk.keys.create({ name: 'lent', role: 'viewer' })
    await using visit = await world.visit()
    const { page } = visit
    await signIn(page, secret)
    expect(await page.getByRole('link', { name: 'New instance' }).count()).toBe(0)
    await sdk.keys.revoke(key.id)
    await page.getByRole('link', { name: 'Operations' }).click()
    await page.getByRole('heading', { name: 'Sign in to Toygres' }).waitFor()
  })
})
