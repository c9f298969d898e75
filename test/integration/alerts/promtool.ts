import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AlertCase } from './alert-case.ts';

/** One alert of a PrometheusRule. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<'summary' | 'description', string>>;
}

export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly AlertRule[];
}

/** Prometheus' own judgement. All reject with what promtool says. */
export interface Promtool {
  /** Of rules as they stand. */
  check(groups: readonly RuleGroup[]): Promise<void>;
  /** Of expressions, those of dashboards for instance. */
  checkExpressions(expressions: readonly string[]): Promise<void>;
  /** Evaluates the rule minute by minute; what it alerts of must be what the case says, no more and no less. */
  try(rule: AlertRule, alertCase: AlertCase): Promise<void>;
}

/** `dir`: for the files that promtool reads. */
export function createPromtool(binary: string, dir: string): Promtool {
  let files = 0;
  const write = async (content: object): Promise<string> => {
    await mkdir(dir, { recursive: true });
    files += 1;
    const file = join(dir, `${files}.json`);
    await writeFile(file, JSON.stringify(content));
    return file;
  };
  const run = async (...args: readonly string[]): Promise<void> => {
    try {
      await promisify(execFile)(binary, args);
    } catch (error) {
      const { stderr = '', stdout = '' } = error as { stderr?: string; stdout?: string };
      throw new Error(`promtool ${args.join(' ')}: ${stderr}${stdout}`);
    }
  };
  const checkRules = async (groups: readonly object[]) =>
    run('check', 'rules', '--lint=all', '--lint-fatal', await write({ groups }));
  return {
    check: checkRules,
    checkExpressions: (expressions) =>
      checkRules([{ name: 'all', rules: expressions.map((expr, index) => ({ record: `expression:${index}`, expr })) }]),
    async try(rule, alertCase) {
      const rules = await write({ groups: [{ name: 'tried', rules: [rule] }] });
      await run('test', 'rules', await write(testOf(rule, alertCase, rules)));
    },
  };
}

function testOf(rule: AlertRule, { alert, series, at, fires }: AlertCase, rules: string): object {
  const expected = fires.map(({ labels, summary }) => ({
    exp_labels: { ...rule.labels, ...labels },
    exp_annotations: { ...rule.annotations, summary },
  }));
  return {
    rule_files: [rules],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: [{ alertname: alert, eval_time: `${at}m`, exp_alerts: expected }],
      },
    ],
  };
}
