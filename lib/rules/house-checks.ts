import type { CfnResource } from 'aws-cdk-lib';
import { NagMessageLevel, NagPack, NagRuleCompliance } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { ALARM_RULES } from './alarm-rules.ts';
import { EVENT_SOURCE_RULES } from './event-source-rules.ts';
import { FUNCTION_RULES } from './function-rules.ts';
import type { HouseRule } from './house-rule.ts';
import { POLICY_RULES } from './policy-rules.ts';
import { TABLE_RULES } from './table-rules.ts';

/** What cdk-nag does not see: replicas, event sources, alarms of dead letters, concurrency, open policies. */
export const HOUSE_RULES: readonly HouseRule[] = [
  ...TABLE_RULES,
  ...EVENT_SOURCE_RULES,
  ...ALARM_RULES,
  ...FUNCTION_RULES,
  ...POLICY_RULES,
];

function complianceOf(rule: HouseRule, resource: CfnResource): NagRuleCompliance {
  const isKept = rule.check(resource);
  if (isKept === undefined) return NagRuleCompliance.NOT_APPLICABLE;
  return isKept ? NagRuleCompliance.COMPLIANT : NagRuleCompliance.NON_COMPLIANT;
}

/** Holds the app to our own rules when it is synthesised, as the packs of cdk-nag hold it to theirs. */
export class HouseChecks extends NagPack {
  readonly name = 'Holdfast';

  constructor(scope: IConstruct) {
    super(scope);
    this.packName = this.name;
  }

  protected override checkResource(node: CfnResource): void {
    for (const rule of HOUSE_RULES) {
      this.applyRule({
        ruleSuffixOverride: rule.name,
        info: rule.message,
        explanation: rule.message,
        level: NagMessageLevel.ERROR,
        node,
        rule: (resource) => complianceOf(rule, resource),
      });
    }
  }
}
