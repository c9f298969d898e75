/** A dashboard of Plutono, which is Grafana 7.5: what of it matters here. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly datasource?: string;
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number };
  readonly targets?: readonly { readonly expr: string; readonly refId: string }[];
  readonly yaxes?: readonly { readonly format: string }[];
}

/** Units that panels of ours have, by the name that Grafana gives them. */
const units = ['short', 's', 'bytes', 'ops', 'reqps', 'percentunit', 'none'];
const columns = 24;

/** What Plutono would show badly, or not at all. */
export function faultsOf({ uid, schemaVersion, panels }: Dashboard): string[] {
  const faults: string[] = [];
  if (!/^[a-zA-Z0-9_-]{1,40}$/.test(uid)) faults.push(`uid ${uid}`);
  if (schemaVersion > 27) faults.push(`schema ${schemaVersion} is newer than Plutono`);
  if (new Set(panels.map(({ id }) => id)).size < panels.length) faults.push('two panels have the same id');
  for (const panel of panels) faults.push(...faultsOfPanel(panel).map((fault) => `${panel.title}: ${fault}`));
  for (const [index, one] of panels.entries()) {
    const other = panels.slice(index + 1).find((panel) => overlap(one, panel));
    if (other) faults.push(`${one.title} lies over ${other.title}`);
  }
  return faults;
}

function faultsOfPanel({ type, datasource, gridPos, targets = [], yaxes }: Panel): string[] {
  const faults = gridPos.x + gridPos.w > columns ? ['wider than the page'] : [];
  if (type === 'row') return faults;
  if (datasource !== 'prometheus') faults.push(`datasource ${datasource}`);
  if (targets.length === 0) faults.push('shows nothing');
  if (new Set(targets.map(({ refId }) => refId)).size < targets.length) faults.push('refId twice');
  if (!units.includes(yaxes?.[0]?.format ?? '')) faults.push('has no unit');
  return faults;
}

function overlap({ gridPos: one }: Panel, { gridPos: other }: Panel): boolean {
  const apart = (a: number, b: number, from: number, to: number) => a + b <= from || from + to <= a;
  return !apart(one.x, one.w, other.x, other.w) && !apart(one.y, one.h, other.y, other.h);
}

export const expressionsIn = ({ panels }: Dashboard): string[] =>
  panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
