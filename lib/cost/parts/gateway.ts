import type { Item } from '../bill.ts';
import { operationsOf, requestsOf, type Workload } from '../workload.ts';

/** Rules of the firewall; a group of AWS is one. */
const FIREWALL_RULES = 6;

/** What stands before the functions. */
export function gatewayItems(workload: Workload): Item[] {
  const part = 'gateway';
  const requests = requestsOf(operationsOf(workload));
  const { regions } = workload;
  return [
    { part, what: 'requests', price: 'restRequest', quantity: requests },
    { part, what: 'firewall, requests', price: 'firewallRequest', quantity: requests },
    { part, what: 'firewall', price: 'firewallMonth', quantity: regions },
    { part, what: 'firewall, rules', price: 'firewallRuleMonth', quantity: regions * FIREWALL_RULES },
  ];
}
