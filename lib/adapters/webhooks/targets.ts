import { isIP } from 'node:net';
import type { WebhookTargets } from '../../application/webhook-ports.ts';
import { isAllowed, type TargetKind } from './addresses.ts';

const PROTOCOLS: { readonly [Kind in TargetKind]: readonly string[] } = {
  public: ['https:'],
  loopback: ['https:', 'http:'],
};

const PROTOCOL_FAULT: { readonly [Kind in TargetKind]: string } = {
  public: 'must begin with https://',
  loopback: 'must begin with https:// or http://',
};

/** The host of a URL as it is connected to: without the brackets of an IPv6 address, without a dot at its end. */
const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');

/** A name of the public internet has a domain; `localhost` and its kin never leave the machine. */
const isPublicName = (host: string): boolean => host.includes('.') && !/(^|\.)localhost$/.test(host);

function hostFault(host: string, kind: TargetKind): string | undefined {
  const isLiteral = isIP(host) !== 0;
  if (kind === 'loopback') {
    const isLocal = isLiteral ? isAllowed(host, kind) : host === 'localhost';
    return isLocal ? undefined : 'must name 127.0.0.1, ::1 or localhost: this is an embedded stack';
  }
  const isGood = isLiteral ? isAllowed(host, kind) : isPublicName(host);
  return isGood ? undefined : 'must name a public host';
}

/** Judges the URLs of webhooks by what they say. What a name leads to is judged when it is connected to. */
export function createWebhookTargets(kind: TargetKind): WebhookTargets {
  return {
    faultOf(text) {
      const url = URL.parse(text);
      if (url === null) return 'must be an absolute URL';
      if (!PROTOCOLS[kind].includes(url.protocol)) return PROTOCOL_FAULT[kind];
      if (url.username !== '' || url.password !== '') return 'must not contain a user name or a password';
      if (text.includes('#')) return 'must not have a fragment';
      return hostFault(hostOf(url), kind);
    },
  };
}
