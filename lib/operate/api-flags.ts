import * as z from 'zod';

/** The flags that name an API and who may use it. */
export const apiFlag = z
  .url({ protocol: /^https?$/, error: 'must be a URL, like http://127.0.0.1:4001/v1' })
  .transform((url) => url.replace(/\/$/, ''))
  .refine((url) => url.endsWith('/v1'), 'must end in /v1');

export const keyFlag = z.string().min(1, 'must be an API key');
