import type { Clock, Randomness } from '../application/ports.ts';
import { type ApiAddress, connectTo } from '../replay/http/connect.ts';
import { createPatientClient, type PatientClient } from '../replay/http/patient-client.ts';

/** A region that is out of reach for a minute is an answer as well: whoever waits wants to know. */
const PATIENCE_MS = 60_000;

/** A client of an API for a command that somebody waits for. */
export function openClient(
  address: ApiAddress,
  concurrency: number,
  machine: { readonly clock: Clock; readonly random: Pick<Randomness, 'fraction'> },
): PatientClient {
  const transport = connectTo(address, concurrency);
  return createPatientClient({ transport, ...machine, concurrency, patienceMs: PATIENCE_MS });
}
