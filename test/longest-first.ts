import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** By the time they take, a minute and more at the top: begun late, each is waited for in the end. */
const longest = [
  'charts-rbac',
  'whole-life',
  'steady',
  'machine-chaos',
  'whole-life-forms',
  'switch-builds',
  'docs-walk',
  'healthcheck',
  'control-plane',
  'firewall-manager',
  'chaos',
  'controllers',
];

function rankOf({ moduleId }: TestSpecification): number {
  const rank = longest.indexOf(basename(moduleId, '.test.ts'));
  return rank < 0 ? longest.length : rank;
}

/** vitest knows no times in a fresh checkout, and would begin with the largest files. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((one, other) => rankOf(one) - rankOf(other));
  }
}
