import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { beforeAll, describe, expect, it } from 'vitest';
import { signatureOf } from '../../../../lib/adapters/webhooks/signature.ts';

type Verify = (headers: Record<string, string | undefined>, body: Buffer, secret: string) => boolean;

const DOCUMENT = new URL('../../../../docs/webhooks.md', import.meta.url);
const BODY = '{"text":"Größe"}';
const SECRET = 'whsec_0123456789abcdef';

let isFromHoldfast: Verify;

beforeAll(async () => {
  const [, code = ''] = /```ts\n(.*?)```/s.exec(readFileSync(DOCUMENT, 'utf8')) ?? [];
  const script = Buffer.from(stripTypeScriptTypes(code)).toString('base64');
  ({ isFromHoldfast } = await import(/* @vite-ignore */ `data:text/javascript;base64,${script}`));
});

/** Seconds from now, as the header has them. */
const timestampIn = (seconds: number): string => String(Math.floor(Date.now() / 1_000) + seconds);

function headersOf(secrets: readonly string[], timestamp = timestampIn(0), body = BODY) {
  return { 'holdfast-timestamp': timestamp, 'holdfast-signature': signatureOf(secrets, timestamp, body) };
}

describe('the verification that the documentation shows', () => {
  const verify = (headers: Record<string, string | undefined>, body = BODY, secret = SECRET) =>
    isFromHoldfast(headers, Buffer.from(body), secret);

  it('accepts what we sign, with either secret while they rotate', () => {
    expect(verify(headersOf([SECRET]))).toBe(true);
    expect(verify(headersOf(['the-new-secret', SECRET]))).toBe(true);
    expect(verify(headersOf([SECRET, 'the-old-secret']))).toBe(true);
    expect(verify(headersOf([SECRET], timestampIn(-200)))).toBe(true);
  });

  it('refuses another secret, body or time, and what is old', () => {
    const good = headersOf([SECRET]);
    expect(verify(headersOf(['another-secret-here']))).toBe(false);
    expect(verify(good, `${BODY} `)).toBe(false);
    expect(verify({ ...good, 'holdfast-timestamp': timestampIn(-1) })).toBe(false);
    expect(verify(headersOf([SECRET], timestampIn(-400)))).toBe(false);
    expect(verify(headersOf([SECRET], timestampIn(400)))).toBe(false);
    expect(verify(headersOf([SECRET], 'now'))).toBe(false);
  });

  it('refuses what is not signed', () => {
    const { 'holdfast-timestamp': timestamp, 'holdfast-signature': signature } = headersOf([SECRET]);
    for (const other of [
      undefined,
      '',
      'v1=',
      'v1=00',
      signature.replace('v1', 'v2'),
      signature.slice(0, -2),
    ]) {
      expect(verify({ 'holdfast-timestamp': timestamp, 'holdfast-signature': other })).toBe(false);
    }
    expect(verify({ 'holdfast-signature': signature })).toBe(false);
  });
});
