import type { Readable } from 'node:stream';
import type { Clock, Randomness } from '../application/ports.ts';
import type { Progress } from '../command-line/progress.ts';
import { connectTo } from '../replay/http/connect.ts';
import { createPatientClient, type PatientClient } from '../replay/http/patient-client.ts';
import { countLines } from './count-lines.ts';
import { type LineSink, openLineSink } from './line-sink.ts';
import { STDIN } from './read-records.ts';

/** What a command has of the machine that it runs on. */
export interface Machine {
  readonly clock: Clock;
  readonly random: Pick<Randomness, 'fraction'>;
  readonly progress: Progress;
  readonly stdin: Readable;
  /** Receives lines for whoever watches. */
  readonly note: (line: string) => void;
}

/** The flags of an API, once they are known to be there. */
export interface ApiFlags {
  readonly api?: string | undefined;
  readonly key?: string | undefined;
  readonly concurrency: number;
}

/** A client that asks as long as it takes. */
export function clientOf({ api = '', key = '', concurrency }: ApiFlags, machine: Machine): PatientClient {
  const { clock, random } = machine;
  const transport = connectTo({ baseUrl: api, apiKey: key }, concurrency);
  return createPatientClient({ transport, clock, random, concurrency });
}

/**
 * Does something with each record of a file, while its progress is shown and what is found is written down.
 *
 * @param report a file for what is found, as lines of JSON. @default `note`
 */
export async function workThrough<Output>(
  { progress, note }: Machine,
  {
    file,
    report,
    title,
  }: { readonly file: string; readonly report: string | undefined; readonly title: string },
  work: (tell: (found: object, inWords: string) => void) => Promise<Output>,
): Promise<Output> {
  const sink: LineSink | undefined = report === undefined ? undefined : openLineSink(report);
  // What is piped in has no end that one could be on the way to.
  if (file !== STDIN) progress.start(title, await countLines(file));
  try {
    return await work((found, inWords) => {
      if (sink === undefined) note(inWords);
      else sink.write(JSON.stringify(found));
    });
  } finally {
    progress.end();
    sink?.close();
  }
}
