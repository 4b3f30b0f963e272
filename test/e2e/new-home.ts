/** What the tests of moving in from another system have in common. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { systemClock } from '../../lib/adapters/system/clock.ts';
import { systemRandomness } from '../../lib/adapters/system/randomness.ts';
import { importFile } from '../../lib/migrate/import/import-command.ts';
import { parseImportOptions } from '../../lib/migrate/import/import-options.ts';
import type { ImportReport } from '../../lib/migrate/import/import-report.ts';
import type { Machine } from '../../lib/migrate/machine.ts';
import { Caller, startTestStack, type TestStack } from './stack.ts';

export const location = { kind: 'locations', locationId: 'north', name: 'North', region: 'us-east-1' };
export const product = (sku: string) => ({ kind: 'products', sku, name: sku });
export const stock = (sku: string, quantity: number) => {
  return { kind: 'stock', sku, locationId: 'north', quantity };
};
export const lines = (sku: string, quantity: number) => [{ sku, quantity }];

export const machine = (stdin: Readable = new PassThrough()): Machine => ({
  clock: systemClock,
  random: systemRandomness,
  progress: { start: () => undefined, advance: () => undefined, end: () => undefined },
  stdin,
  note: () => undefined,
});

export const strong = async (caller: Caller, sku: string) =>
  (await caller.expect(200, `GET /stock/${sku}?consistency=strong`)).body;

/** A stack that other systems move into. */
export class NewHome {
  readonly test: TestStack;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'migrate-'));
  #tenants = 0;

  private constructor(test: TestStack) {
    this.test = test;
  }

  static async open(): Promise<NewHome> {
    return new NewHome(await startTestStack());
  }

  async close(): Promise<void> {
    rmSync(this.#folder, { recursive: true });
    await this.test.stack.stop();
  }

  get api(): string {
    return this.test.stack.regions[0]?.api ?? '';
  }

  /** A tenant that has nothing yet. */
  async newTenant(): Promise<{ readonly key: string; readonly caller: Caller }> {
    this.#tenants += 1;
    const tenantId = `moving-${this.#tenants}`;
    const { operator } = this.test;
    await operator.expect(201, 'POST /tenants', { tenantId, name: tenantId, tier: 'unlimited' });
    const scopes = ['read', 'write', 'admin'];
    const { body } = await operator.expect(201, `POST /tenants/${tenantId}/keys`, { scopes });
    return { key: body.secret, caller: new Caller(this.api, body.secret) };
  }

  write(name: string, rows: readonly object[]): string {
    const file = path.join(this.#folder, name);
    writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    return file;
  }

  flags(file: string, key: string): string[] {
    return ['--from', 'jsonl', '--file', file, '--api', this.api, '--key', key];
  }

  runImport(file: string, key: string, on: Machine = machine()): Promise<ImportReport> {
    return importFile(parseImportOptions(this.flags(file, key)), on);
  }
}
