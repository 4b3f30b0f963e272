import type { Clock } from '../../application/ports.ts';
import type { Progress } from '../../command-line/progress.ts';
import type { PatientClient } from '../../replay/http/patient-client.ts';
import { forEachInOrder } from '../../replay/slots.ts';
import type { RecordSource } from '../read-records.ts';
import { importDocument } from './import-catalogue.ts';
import { type ImportReport, ImportTally, type RowProblem } from './import-report.ts';
import { importReservation } from './import-reservation.ts';
import type { BadRow, ImportRow, Kind } from './import-row.ts';
import { importStock } from './import-stock.ts';
import type { Outcome } from './outcome.ts';
import { readImport } from './read-import.ts';
import { UnderWay } from './under-way.ts';

export interface ImportWorld {
  /** `undefined`: rows are judged and nothing is sent. */
  readonly client: PatientClient | undefined;
  readonly clock: Pick<Clock, 'now'>;
  readonly progress: Progress;
  /** Receives every row that did not simply arrive, as it happens. */
  readonly onProblem: (problem: RowProblem) => void;
}

export interface ImportPlan {
  readonly source: RecordSource;
  /** @default each row names its own */
  readonly kind: Kind | undefined;
  readonly concurrency: number;
}

function send(client: PatientClient, clock: Pick<Clock, 'now'>, row: ImportRow): Promise<Outcome> {
  switch (row.kind) {
    case 'products':
    case 'locations':
      return importDocument(client, row);
    case 'stock':
      return importStock(client, row);
    case 'reservations':
      return importReservation({ client, clock }, row);
  }
}

/** Rows of one kind need those of another that stand above them: where the kind changes, all of them are done first. */
async function* withBarriers(rows: AsyncIterable<ImportRow | BadRow>, underWay: UnderWay) {
  let kind: Kind | undefined;
  for await (const row of rows) {
    if (row.kind !== undefined && row.kind !== kind) {
      await underWay.idle();
      kind = row.kind;
    }
    yield row;
  }
}

/**
 * Imports the rows of a file. A bad row is told and stops nobody; the same file again changes nothing, so a run that was
 * interrupted is simply started again.
 *
 * @throws UsageError, UnexpectedAnswerError, OutOfPatienceError: what would befall every other row as well.
 */
export async function runImport(
  { source, kind, concurrency }: ImportPlan,
  { client, clock, progress, onProblem }: ImportWorld,
): Promise<ImportReport> {
  const tally = new ImportTally();
  const underWay = new UnderWay();
  const note = (row: ImportRow | BadRow, outcome: Outcome) => {
    const problem = tally.add(row, outcome);
    if (problem !== undefined) onProblem(problem);
    progress.advance();
  };
  const rows = withBarriers(readImport(source, kind), underWay);
  await forEachInOrder(rows, concurrency, async (row) => {
    if ('problem' in row) return note(row, { became: 'failed', reason: row.problem });
    if (client === undefined) return note(row, { became: 'unchanged' });
    await underWay.run(`${row.kind} ${row.id}`, async () => {
      try {
        note(row, await send(client, clock, row));
      } catch (error) {
        // What is under way gives up as well instead of being asked for again and again.
        client.abort(error);
        throw error;
      }
    });
  });
  return tally.report(source.file, client === undefined);
}
