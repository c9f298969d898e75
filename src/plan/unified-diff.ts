type Line = readonly [mark: ' ' | '-' | '+', text: string];

const context = 3;

/** The hunks of a unified diff of two texts, with three lines of context; empty when they are equal. */
export function unifiedDiff(before: string, after: string): string {
  const script = editScript(linesOf(before), linesOf(after));
  const isNear = script.map((_, index) =>
    script.slice(Math.max(0, index - context), index + context + 1).some(([mark]) => mark !== ' '),
  );
  let output = '';
  const position = { old: 1, new: 1 };
  for (let index = 0; index < script.length; ) {
    let end = index;
    while (end < script.length && isNear[end] === isNear[index]) end += 1;
    const lines = script.slice(index, end);
    const old = lines.filter(([mark]) => mark !== '+').length;
    const fresh = lines.filter(([mark]) => mark !== '-').length;
    if (isNear[index]) {
      output += `@@ -${range(position.old, old)} +${range(position.new, fresh)} @@\n`;
      output += lines.map(([mark, text]) => `${mark}${text}\n`).join('');
    }
    position.old += old;
    position.new += fresh;
    index = end;
  }
  return output;
}

/** The line before stands for a range that is empty. */
const range = (start: number, count: number): string => `${count === 0 ? start - 1 : start},${count}`;

const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

/** A shortest way from `before` to `after`: Myers, "An O(ND) Difference Algorithm", section 4. */
function editScript(before: readonly string[], after: readonly string[]): readonly Line[] {
  const rounds: Map<number, number>[] = [];
  let furthest = new Map([[1, 0]]);
  for (let edits = 0; ; edits++) {
    const next = new Map(furthest);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = isDown(furthest, diagonal, edits) ? at(furthest, diagonal + 1) : at(furthest, diagonal - 1) + 1;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x += 1;
      next.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return backtrack(rounds, furthest, before, after);
    }
    rounds.push(furthest);
    furthest = next;
  }
}

const at = (furthest: ReadonlyMap<number, number>, diagonal: number): number => furthest.get(diagonal) ?? -1;

function isDown(furthest: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean {
  return diagonal === -edits || (diagonal !== edits && at(furthest, diagonal - 1) < at(furthest, diagonal + 1));
}

function backtrack(
  rounds: readonly ReadonlyMap<number, number>[],
  last: ReadonlyMap<number, number>,
  before: readonly string[],
  after: readonly string[],
): readonly Line[] {
  const lines: Line[] = [];
  let x = before.length;
  let y = after.length;
  const keepTo = (startX: number, startY: number) => {
    for (; x > startX && y > startY; y--) lines.push([' ', before[--x] ?? '']);
  };
  for (const [edits, furthest] of [...[...rounds, last].entries()].slice(1).reverse()) {
    const isInsertion = isDown(furthest, x - y, edits);
    const previous = x - y + (isInsertion ? 1 : -1);
    const startX = at(furthest, previous);
    const startY = startX - previous;
    keepTo(startX, startY);
    lines.push(isInsertion ? ['+', after[startY] ?? ''] : ['-', before[startX] ?? '']);
    x = startX;
    y = startY;
  }
  keepTo(0, 0);
  return lines.reverse();
}
