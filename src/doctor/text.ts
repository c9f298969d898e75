import type { Severity } from '../providers/doctor.ts';
import { clustersIn, describeFix, inOrder, type Report, type ToldFinding } from './report.ts';

const words: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };
const colours: Readonly<Record<Severity, string>> = { error: '31', warning: '33', info: '36' };
const widest = 48;

export interface TextOptions {
  readonly colour: boolean;
  /** `--fix` was given: say what it would do. */
  readonly fix: boolean;
}

/** Nothing is fixed as long as something could not be looked at. */
type Offer = 'none' | 'open' | 'asked';

/** For people: by seed, by cluster, then by severity. */
export function reportAsText(report: Report, { colour, fix }: TextOptions): string {
  const paint = (code: string, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const { unseen } = report;
  const offer = unseen.length > 0 ? 'none' : fix ? 'asked' : 'open';
  const groups = Map.groupBy(inOrder(report.findings), (finding) => headOf(finding, report));
  const sections = [...groups].map(([place, findings]) => {
    const width = Math.min(widest, Math.max(...findings.map(({ object }) => plain(object).length)));
    const head = paint('1', plain(place));
    return [head, ...findings.flatMap((finding) => linesOf(finding, width, offer, paint))];
  });
  const blind = unseen.map(({ what, reason }) => `  ${paint('31', plain(what))}: ${plain(reason)}`);
  if (blind.length > 0) sections.push([paint('1', 'could not look at'), ...blind]);
  return `${[...sections, [summaryOf(report, fix)]].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** With one seed there is no need to say which. */
function headOf({ garden, seed, cluster }: ToldFinding, { asked }: Report): string {
  if (garden !== undefined) return cluster ? `garden, ${cluster}` : 'garden';
  if (asked > 1 && seed !== undefined) return cluster ? `seed ${seed}, ${cluster}` : `seed ${seed}`;
  return cluster || (asked > 1 ? 'all seeds' : 'seed');
}

function linesOf(
  finding: ToldFinding,
  width: number,
  offer: Offer,
  paint: (code: string, text: string) => string,
): string[] {
  const { severity, kind, object, message } = finding;
  const level = paint(colours[severity], words[severity].padEnd(7));
  return [
    `  ${level}  ${plain(object).padEnd(width)}  ${plain(message)}`,
    `  ${' '.repeat(9)}${paint('2', plain(`${kind} -> ${nextStep(finding, offer)}`))}`,
  ];
}

function nextStep({ advice, fix, result }: ToldFinding, offer: Offer): string {
  if (!fix || offer === 'none') return advice;
  if (result) return `${told(result)}: ${describeFix(fix)}`;
  return offer === 'asked' ? `would ${describeFix(fix)}` : `${advice}: --fix can do it`;
}

function told(result: NonNullable<ToldFinding['result']>): string {
  if (result.outcome === 'left') return `left (${result.reason})`;
  return result.outcome === 'gone' ? 'gone already' : 'fixed';
}

function summaryOf(report: Report, isAsked: boolean): string {
  const { asked, seeds, findings, unseen } = report;
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  const parts = [
    counted(count('error'), 'error'),
    counted(count('warning'), 'warning'),
    counted(count('info'), 'note'),
    ...(unseen.length > 0 ? [`${unseen.length} could not be looked at`] : []),
  ];
  const fixable = findings.filter(({ fix, result }) => fix && !result).length;
  const open = fixable > 0 && unseen.length === 0 ? `; ${fixable} can be fixed by --fix${isAsked ? ' --yes' : ''}` : '';
  const each = seeds.map(({ name, clusters }) => `${plain(name)}: ${clusters}`).join(', ');
  const read = seeds.length < asked ? `${seeds.length} of ${asked}` : `${asked}`;
  const where = asked > 1 ? ` in ${read} seeds${each ? ` (${each})` : ''}` : '';
  return `${counted(clustersIn(report), 'cluster')}${where}: ${parts.join(', ')}${open}`;
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** One line: names and messages come from others, and a terminal obeys control characters. */
const plain = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ');
