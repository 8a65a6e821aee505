import { BlockList, isIP } from 'node:net';

/** Everything that IANA's special-purpose registries keep from being a host on the internet, as of 2026. */
const reserved = {
  ipv4: [
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
  ],
  ipv6: [
    ['2001::', 23],
    ['2001:db8::', 32],
    ['2002::', 16],
    ['3fff::', 20],
  ],
} as const;

const closed = new BlockList();
for (const [net, prefix] of reserved.ipv4) closed.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of reserved.ipv6) closed.addSubnet(net, prefix, 'ipv6');
/** The one block from which hosts have been given addresses. */
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');

/** Whether a host on the internet may have this address; else it is ours, our cloud's (169.254.169.254) or nobody's. */
export const isPublic = (address: string): boolean => {
  const family = isIP(address);
  if (family === 4) return !closed.check(address, 'ipv4');
  return family === 6 && global6.check(address, 'ipv6') && !closed.check(address, 'ipv6');
};
