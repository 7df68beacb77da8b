import { BlockList, isIPv6 } from 'node:net'

/** What is nobody's on the internet: this machine, private networks, clouds' metadata services, and what is reserved. */
const notPublic4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const

/** Of version 6, only this is given out; what is not in it is local, mapped, translated or reserved. */
const given6 = ['2000::', 3] as const

/** In there, too, is what leads elsewhere: tunnels that carry an address of version 4, and what is for documentation. */
const notPublic6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const

const blocked = new BlockList()
for (const [network, bits] of notPublic4) blocked.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of notPublic6) blocked.addSubnet(network, bits, 'ipv6')
const given = new BlockList()
given.addSubnet(...given6, 'ipv6')

/** Whether a webhook may be sent to this address: never to one through which our own network could be reached. */
export function isPublicAddress(address: string): boolean {
  return isIPv6(address)
    ? given.check(address, 'ipv6') && !blocked.check(address, 'ipv6')
    : !blocked.check(address, 'ipv4')
}
