import type { Machine } from '../../apis/machine/machine.ts';

const atMost = 5;
/** A cloud may answer at length. */
const longest = 200;

/** The first of the machines, each with what its machine controller has said last; for people. */
export function named(machines: readonly Machine[]): string {
  const shown = machines.slice(0, atMost).map(({ metadata, status }) => {
    const description = status?.lastOperation?.description;
    return description ? `${metadata.name} (${shortened(description)})` : metadata.name;
  });
  return `${shown.join(', ')}${machines.length > shown.length ? ` and ${machines.length - shown.length} more` : ''}`;
}

function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}
