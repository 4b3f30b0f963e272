import { CANARY_SCHEDULE_MINUTES } from '../../config/functions.ts';
import { PER_REGION } from '../deployed.ts';
import type { Item } from '../item.ts';
import { MINUTES_PER_MONTH, operationsOf, requestsOf, type Workload } from '../workload.ts';

/** A hold and its release. */
const REQUESTS_PER_CANARY = 2;

/** What stands before the functions. */
export function gatewayItems(workload: Workload): Item[] {
  const part = 'gateway';
  const requests = requestsOf(operationsOf(workload));
  const { regions } = workload;
  const canary = (REQUESTS_PER_CANARY * MINUTES_PER_MONTH * regions) / CANARY_SCHEDULE_MINUTES;
  const { firewalls, firewallRules } = PER_REGION;
  return [
    { part, what: 'requests', price: 'restRequest', quantity: requests },
    { part, what: 'requests of the canary', price: 'restRequest', quantity: canary },
    { part, what: 'firewall, requests', price: 'firewallRequest', quantity: requests + canary },
    { part, what: 'firewall', price: 'firewallMonth', quantity: regions * firewalls },
    { part, what: 'firewall, rules', price: 'firewallRuleMonth', quantity: regions * firewallRules },
  ];
}
