import type { Block, Page } from './markdown.ts';

/** A command as a page has it, on one line. */
export interface Command {
  /** `docs/usage/plan.md:6`, for people. */
  readonly place: string;
  readonly text: string;
}

/** What is called, behind settings of variables. */
const program =
  /^(?:\w+=\S+ )*(kubectl|helm|espalier|make|node(?= \S+\.m?[jt]s)|npm|npx|vitest|curl|docker|export|\.ci\/run)(?: |$)/;

/** A block of commands has nothing else; every other block is output, or code of a language. */
export function isOfCommands({ language, text }: Block): boolean {
  return ['', 'sh', 'bash', 'console'].includes(language) && lines(text).every((line) => program.test(line));
}

/** Commands of all blocks, and those in the text that are more than a name such as `kubectl apply`. */
export function commandsOf({ blocks, spans }: Pick<Page, 'blocks' | 'spans'>): Command[] {
  const place = ({ file, line }: { file: string; line: number }) => `${file}:${line}`;
  return [
    ...blocks
      .filter(isOfCommands)
      .flatMap((block) => lines(block.text).map((text) => ({ place: place(block), text: withoutRemark(text) }))),
    ...spans.filter(({ text }) => isWhole(text)).map((span) => ({ place: place(span), text: span.text })),
  ];
}

function isWhole(text: string): boolean {
  const [, called = ''] = program.exec(text) ?? [];
  const words = text.split(' ').length;
  if (!['kubectl', 'helm', 'espalier', 'docker'].includes(called)) return called !== '' && words > 1;
  // `kubectl create token` is a name as well.
  return words > 3 || (words === 3 && / -|[=,<]/.test(text));
}

const lines = (text: string): string[] =>
  text
    .replace(/\s*\\\n\s*/g, ' ')
    .split('\n')
    .filter(Boolean);

/** `make help      what can be made` */
const withoutRemark = (line: string): string =>
  /^make(?: [a-z]+)+(?: [A-Z]+=\S+)*/.exec(line)?.[0] ?? line.replace(/(\s{2,}|\s+#).*/, '');
