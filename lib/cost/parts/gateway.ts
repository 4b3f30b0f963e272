import { PER_REGION } from '../deployed.ts';
import type { Item } from '../item.ts';
import { operationsOf, requestsOf, type Workload } from '../workload.ts';

/** What stands before the functions. */
export function gatewayItems(workload: Workload): Item[] {
  const part = 'gateway';
  const requests = requestsOf(operationsOf(workload));
  const { regions } = workload;
  const { firewalls, firewallRules } = PER_REGION;
  return [
    { part, what: 'requests', price: 'restRequest', quantity: requests },
    { part, what: 'firewall, requests', price: 'firewallRequest', quantity: requests },
    { part, what: 'firewall', price: 'firewallMonth', quantity: regions * firewalls },
    { part, what: 'firewall, rules', price: 'firewallRuleMonth', quantity: regions * firewallRules },
  ];
}
