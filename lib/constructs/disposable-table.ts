import type { Construct } from 'constructs';
import type { Deployment } from '../config/stages.ts';
import { acknowledge, DATA_MAY_BE_LOST } from './acknowledge.ts';

/** Says why a table of a stage whose data may be lost is neither protected nor has a key of the account. */
export function acknowledgeDisposable(table: Construct, { settings }: Deployment): void {
  if (!settings.protectData) {
    acknowledge(table, {
      'Holdfast-ReplicaRecovery': DATA_MAY_BE_LOST,
      'Holdfast-ReplicaDeletionProtection': DATA_MAY_BE_LOST,
    });
  }
  if (settings.ownKey) return;
  acknowledge(table, {
    'Holdfast-ReplicaKey':
      'A key costs a dollar a month and region; the data of this stage is encrypted with that of AWS.',
  });
}
