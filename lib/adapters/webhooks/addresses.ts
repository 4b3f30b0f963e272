/** Which addresses webhooks may reach. */
import ipaddr from 'ipaddr.js';

/** All that is assigned for the public internet (RFC 4291): what is outside embeds IPv4 or belongs to a network. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Which kind of addresses is allowed: `public` in AWS, `loopback` in the embedded stack. */
export type TargetKind = 'public' | 'loopback';

/** @throws an Error for a word that means neither: a mistake of the construct must not open everything. */
export function targetKindOf(word: string): TargetKind {
  if (word === 'public' || word === 'loopback') return word;
  throw new Error(`Webhooks cannot point to "${word}": only to public or loopback addresses.`);
}

/**
 * Whether an address is a public unicast one. Private, link-local (the cloud's metadata service), shared, reserved
 * and multicast ones are not, and neither are those of IPv6 that stand for one of IPv4: whatever translates them
 * might lead anywhere.
 */
function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST);
}

/** Whether a text is an IP address that may be reached. */
export function isAllowed(text: string, kind: TargetKind): boolean {
  // Only the usual spelling: what a parser reads differently than the system could be another address.
  const isUsual = ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
  if (!isUsual) return false;
  const address = ipaddr.parse(text);
  return kind === 'public' ? isPublic(address) : address.range() === 'loopback';
}
