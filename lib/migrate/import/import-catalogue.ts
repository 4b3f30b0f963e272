import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { read } from '../../replay/http/answers.ts';
import type { PatientClient } from '../../replay/http/patient-client.ts';
import { ask } from '../ask-api.ts';
import type { LocationRow, ProductRow } from './import-row.ts';
import { failed, type Outcome } from './outcome.ts';

const document = z.record(z.string(), z.unknown());

/** Fields that say something else there. */
const differing = (wanted: Readonly<Record<string, unknown>>, there: Readonly<Record<string, unknown>>) =>
  Object.keys(wanted).filter((field) => !isDeepStrictEqual(wanted[field], there[field]));

/** Creates a product or a location. One that is there is left as it is: somebody may have changed it since. */
export async function importDocument(client: PatientClient, row: ProductRow | LocationRow): Promise<Outcome> {
  const path = `/${row.kind}/${encodeURIComponent(row.id)}`;
  const request = { method: 'PUT', path, body: row.body, createOnly: true } as const;
  const reply = await ask(client, `put ${row.kind}`, request);
  if (reply.ok) return { became: 'imported' };
  if (reply.refusal.code !== 'version_mismatch') return failed(reply.refusal);
  const there = await read(client, `get ${row.kind}`, { path, schema: document });
  const fields = differing(row.body, there);
  if (fields.length === 0) return { became: 'unchanged' };
  return {
    became: 'different',
    reason: `is there already, with another ${fields.join(', ')}; left as it is`,
  };
}
