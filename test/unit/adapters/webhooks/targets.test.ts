import { describe, expect, it } from 'vitest';
import { isAllowed, targetKindOf } from '../../../../lib/adapters/webhooks/addresses.ts';
import { createWebhookTargets } from '../../../../lib/adapters/webhooks/targets.ts';

/** Addresses that lead into somebody's network, in every spelling that a URL allows. */
const INNER = [
  '127.0.0.1',
  '127.1',
  '0x7f000001',
  '2130706433',
  '0177.0.0.1',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '255.255.255.255',
  '224.0.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '240.0.0.1',
  '[::1]',
  '[::]',
  '[fe80::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[ff02::1]',
  '[::ffff:10.0.0.1]',
  '[::ffff:8.8.8.8]',
  '[::127.0.0.1]',
  '[64:ff9b::10.0.0.1]',
  '[64:ff9b:1::1]',
  '[2002:a00:1::]',
  '[2001::1]',
  '[2001:db8::1]',
];

describe('where webhooks may point in AWS', () => {
  const { faultOf } = createWebhookTargets('public');

  it.each([
    'https://erp.example.com/holdfast',
    'https://erp.example.com:8443/a?b=c%23',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
    'https://xn--bcher-kva.example/',
    'https://erp.example.com./',
  ])('%s', (url) => expect(faultOf(url)).toBeUndefined());

  it.each(INNER)('not https://%s/', (host) => {
    expect(faultOf(`https://${host}/`)).toBe('must name a public host');
    expect(faultOf(`https://${host}:8443/`)).toBe('must name a public host');
  });

  it.each(['localhost', 'LOCALHOST', 'localhost.', 'a.localhost', 'intranet'])('not https://%s/', (host) => {
    expect(faultOf(`https://${host}/`)).toBe('must name a public host');
  });

  it.each([
    ['http://erp.example.com/', 'must begin with https://'],
    ['ftp://erp.example.com/', 'must begin with https://'],
    ['file:///etc/passwd', 'must begin with https://'],
    ['javascript:alert(1)', 'must begin with https://'],
    ['https://user@erp.example.com/', 'must not contain a user name or a password'],
    ['https://:secret@erp.example.com/', 'must not contain a user name or a password'],
    ['https://erp.example.com/#part', 'must not have a fragment'],
    ['https://erp.example.com/#', 'must not have a fragment'],
    ['/holdfast', 'must be an absolute URL'],
    ['https://', 'must be an absolute URL'],
    ['', 'must be an absolute URL'],
  ])('not %s', (url, fault) => expect(faultOf(url)).toBe(fault));
});

describe('where webhooks may point in the embedded stack', () => {
  const { faultOf } = createWebhookTargets('loopback');

  it.each(['http://127.0.0.1:3000/', 'http://localhost/', 'https://localhost:8443/', 'http://[::1]:3000/'])(
    '%s',
    (url) => expect(faultOf(url)).toBeUndefined(),
  );

  it.each(['http://10.0.0.1/', 'https://erp.example.com/', 'http://169.254.169.254/', 'http://8.8.8.8/'])(
    'not %s',
    (url) => expect(faultOf(url)).toContain('this is an embedded stack'),
  );
});

describe('an address', () => {
  it.each(['8.8.8.8', '2606:4700::1111'])('%s is public', (address) => {
    expect([isAllowed(address, 'public'), isAllowed(address, 'loopback')]).toEqual([true, false]);
  });

  it.each(['', '127.1', '0x7f.0.0.1', '010.8.8.8', 'erp.example.com'])('%j is none', (text) => {
    expect([isAllowed(text, 'public'), isAllowed(text, 'loopback')]).toEqual([false, false]);
  });

  it('is of a kind that is known', () => {
    expect(() => targetKindOf('anywhere')).toThrow('"anywhere"');
  });
});
