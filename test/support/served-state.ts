import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LocalDatabase } from './local-database.ts';

/** Answers as the control server of an embedded stack does, for commands that open its databases. */
export async function serveState(database: LocalDatabase, region: string) {
  const { endpoint } = database.connection;
  const tables = { records: database.tableName, readModel: database.readTableName };
  const server = createServer((incoming, outgoing) => {
    const state = { databases: [{ region, endpoint, tables }] };
    outgoing.end(JSON.stringify(incoming.url === '/state' ? state : {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    control: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
