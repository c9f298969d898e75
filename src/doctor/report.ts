import { type Finding, type Fix, type FixResult, severities, type Unseen } from '../providers/doctor.ts';

/** A finding and, once it was tried, what became of its fix. */
export interface ToldFinding extends Finding {
  readonly result?: FixResult;
}

export interface Report {
  /** How many seeds were asked for. */
  readonly asked: number;
  /** Seeds that were read, and how many clusters of the type they have. */
  readonly seeds: readonly { readonly name: string; readonly clusters: number }[];
  readonly findings: readonly ToldFinding[];
  readonly unseen: readonly Unseen[];
}

const isFixed = ({ result }: ToldFinding): boolean => result?.outcome === 'done' || result?.outcome === 'gone';

/** 0 healthy, 1 something is to be done, 2 not everything could be looked at. */
export function exitCodeOf({ findings, unseen }: Report): 0 | 1 | 2 {
  if (unseen.length > 0) return 2;
  return findings.some((finding) => finding.severity !== 'info' && !isFixed(finding)) ? 1 : 0;
}

/** Gardens first, then seed by seed, then what is of no seed; by cluster, then by severity, and always in one order. */
export function inOrder<T extends Finding>(findings: readonly T[]): readonly T[] {
  const keyOf = ({ garden, seed, cluster, severity, kind, object }: Finding) => [
    garden !== undefined ? '0' : seed !== undefined || !cluster ? '1' : '2',
    garden ?? seed ?? '',
    cluster,
    String(severities.indexOf(severity)),
    kind,
    object,
  ];
  return findings.toSorted((a, b) => {
    const [left, right] = [keyOf(a), keyOf(b)];
    const at = left.findIndex((part, index) => part !== right[index]);
    return at < 0 ? 0 : (left[at] ?? '') < (right[at] ?? '') ? -1 : 1;
  });
}

/** What a fix does, for people. */
export function describeFix(fix: Fix): string {
  if (fix.action === 'release') return `free ${fix.resource} ${fix.id}`;
  const { namespace, name } = fix.key;
  return `delete ${fix.kind} ${namespace ? `${namespace}/` : ''}${name}`;
}

export const clustersIn = ({ seeds }: Report): number => seeds.reduce((sum, { clusters }) => sum + clusters, 0);

export function reportAsJson(report: Report): string {
  const { seeds, findings, unseen } = report;
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  const shown = {
    ...{ clusters: clustersIn(report), seeds },
    ...{ exitCode: exitCodeOf(report), errors: count('error'), warnings: count('warning'), notes: count('info') },
    findings: inOrder(findings),
    unseen,
  };
  return `${JSON.stringify(shown, undefined, 2)}\n`;
}
