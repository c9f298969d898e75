/** A command of the docs that is carried out. */
export interface Step {
  /** As the docs have it. */
  readonly command: string;
  /** What is put for its placeholders, besides those that all have in common. */
  readonly fill?: Readonly<Record<string, string>>;
  /** What the docs leave to the reader. */
  readonly more?: string;
  /** Whose kubeconfig; without it that of garden and seed. */
  readonly in?: 'shoot';
  /** Makes what the command is for. */
  readonly before?: string;
  /** Must be printed. */
  readonly prints?: string;
  /** Succeeds when the command has had its effect, soon. */
  readonly effect?: string;
}

const common: Readonly<Record<string, string>> = {
  '[flags]': '--help',
  '<name>': 'example',
  '<path>': 'controllers.yaml',
  '<control-plane namespace>': 'shoot--local--example',
  '<namespace of the extension>': 'extension-provider-metal',
};

/** What is typed for a step. */
export function typed({ command, fill = {}, more = '' }: Step): string {
  const filled = Object.entries({ ...common, ...fill }).reduce(
    (text, [placeholder, value]) => text.replaceAll(placeholder, value),
    command,
  );
  return more ? `${filled} ${more}` : filled;
}
