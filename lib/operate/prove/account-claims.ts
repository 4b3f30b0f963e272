import { type SecretHolder, secretName } from '../../config/secrets.ts';
import type { Deployment } from '../../config/stages.ts';
import { type Check, CheckFailure } from '../smoke/run-checks.ts';
import type { AccountView, ReplicaFacts } from './account-view.ts';

/** How a key of the service begins; a secret that has not had its first turn holds something else. */
const KEY_PREFIX = 'hf.key.';

/** What Lambda says of a mapping that has nothing to complain of. */
const GOOD_RESULTS = ['OK', 'No records processed'];

/** @param prove answers with what is wrong; `undefined` when the claim is true. */
const claim = (name: string, prove: () => Promise<string | undefined>): Check => ({
  name,
  run: async () => {
    const fault = await prove();
    if (fault !== undefined) throw new CheckFailure(fault);
  },
});

function faultOf(
  facts: ReplicaFacts,
  { settings }: Deployment,
  keyArn: string | undefined,
): string | undefined {
  if (facts.status !== 'ACTIVE') return `it is ${facts.status}`;
  if (!facts.hasStream) return 'it has no stream';
  if (settings.protectData && !facts.isProtected) return 'it is not protected against deletion';
  if (settings.protectData && !facts.recoversToAnySecond) return 'it has no point-in-time recovery';
  if (facts.keyArn !== keyArn) return `it is encrypted with ${facts.keyArn ?? 'a key of AWS'}, not ${keyArn}`;
  return undefined;
}

const replicaClaim = (view: AccountView, deployment: Deployment, region: string): Check =>
  claim(
    `The replica in ${region} is there, protected, and encrypted with the key of its region`,
    async () => {
      const { tableName, keyAlias, settings } = deployment;
      const keyArn = settings.ownKey ? await view.keyBehind(region, keyAlias) : undefined;
      return faultOf(await view.replica(region, tableName), deployment, keyArn);
    },
  );

const streamClaim = (view: AccountView, { tableName }: Deployment, region: string): Check =>
  claim(`The stream of the replica in ${region} feeds a function`, async () => {
    const [mapping] = await view.streamMappings(region, tableName);
    if (mapping === undefined) return 'nothing reads it';
    if (mapping.state !== 'Enabled') return `its mapping is ${mapping.state}`;
    return GOOD_RESULTS.includes(mapping.lastResult) ? undefined : `its last batch: ${mapping.lastResult}`;
  });

const alarmClaim = (view: AccountView, { stage }: Deployment, region: string): Check =>
  claim(`No alarm is on in ${region}`, async () => {
    const alarms = await view.alarms(region, `holdfast-${stage}`);
    if (alarms.length === 0) return 'there are no alarms';
    const on = alarms.filter(({ state }) => state === 'ALARM').map(({ name }) => name);
    return on.length === 0 ? undefined : on.join(', ');
  });

const secretClaim = (
  view: AccountView,
  stage: string,
  where: { region: string; holder: SecretHolder },
): Check =>
  claim(
    `The secret with the key of the ${where.holder} in ${where.region} has had its first turn`,
    async () => {
      const value = await view.secret(where.region, secretName(stage, where.holder));
      return value.startsWith(KEY_PREFIX) ? undefined : 'it still holds the placeholder';
    },
  );

/** What the services of the account must say of a stage. */
export function accountClaims(view: AccountView, deployment: Deployment): Check[] {
  const { stage, regions } = deployment;
  return [
    secretClaim(view, stage, { region: regions[0], holder: 'operator' }),
    ...regions.flatMap((region) => [
      replicaClaim(view, deployment, region),
      streamClaim(view, deployment, region),
      secretClaim(view, stage, { region, holder: 'canary' }),
      alarmClaim(view, deployment, region),
    ]),
  ];
}
