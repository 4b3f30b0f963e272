import type { LookupAddress } from 'node:dns';
import { lookup as lookUp, Resolver } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { isAllowed, type TargetKind } from './addresses.ts';

/** How long one question to the name server may take, and how often it is asked. */
const QUESTION_TIMEOUT_MS = 2_000;
const QUESTIONS_MAX = 2;

/** Finds all addresses of a name. Throws an error with a `code` when there are none. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** The name leads to an address that webhooks must not reach. */
class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';
  readonly code = 'ADDRESS_REFUSED';
}

/**
 * Asks the name servers. The system's own lookup would run on the few threads of the process: names that are slow to
 * resolve would hold up all others.
 *
 * @param servers whom to ask: those of the machine unless given.
 */
export async function resolvePublic(
  host: string,
  servers?: readonly string[],
): Promise<readonly LookupAddress[]> {
  const resolver = new Resolver({ timeout: QUESTION_TIMEOUT_MS, tries: QUESTIONS_MAX });
  if (servers !== undefined) resolver.setServers(servers);
  const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const addresses = answers.flatMap((answer, index) =>
    answer.status === 'fulfilled'
      ? answer.value.map((address) => ({ address, family: index === 0 ? 4 : 6 }))
      : [],
  );
  const [first] = answers;
  if (addresses.length === 0 && first.status === 'rejected') throw first.reason;
  return addresses;
}

/** `localhost` is in a file of the machine. */
const resolveLocal: Resolve = (host) => lookUp(host, { all: true });

export const resolverOf = (kind: TargetKind): Resolve =>
  kind === 'public' ? (host) => resolvePublic(host) : resolveLocal;

async function checkedAddresses(
  host: string,
  kind: TargetKind,
  resolve: Resolve,
): Promise<[LookupAddress, ...LookupAddress[]]> {
  const [first, ...others] = await resolve(host);
  if (first === undefined) throw new AddressRefusedError('The name has no address.');
  // One bad address is enough: which of them is connected to is not for the owner of the name to choose.
  const isGood = [first, ...others].every(({ address }) => isAllowed(address, kind));
  if (!isGood) throw new AddressRefusedError('The name leads to an address that webhooks must not reach.');
  return [first, ...others];
}

/**
 * A lookup that answers with checked addresses only. A socket connects to what its lookup answers and asks once, so
 * a name cannot lead elsewhere between the check and the connection.
 */
export function createCheckedLookup(kind: TargetKind, resolve: Resolve): LookupFunction {
  return (host, options, callback) => {
    checkedAddresses(host, kind, resolve).then(
      ([first, ...others]) =>
        options.all === true
          ? callback(null, [first, ...others])
          : callback(null, first.address, first.family),
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };
}
