interface Option {
  readonly name: string;
  /** May go over several lines, each ended by a backslash but the last. */
  readonly value: string;
}

type Sections = Map<string, Option[]>;

/**
 * Content of kubelet.service with `--cloud-provider=external`. Layout as by Gardener's extension library: nodes restart
 * their kubelet when a byte changes. Content without a command of kubelet is left as it is.
 */
export function withExternalCloudProvider(content: string): string {
  const sections = parse(content);
  const options = sections.get('Service');
  const at = options?.findIndex(({ name }) => name === 'ExecStart') ?? -1;
  const start = options?.[at];
  const words = start?.value.split(/[\\\s]+/).filter(Boolean) ?? [];
  if (!options || !start || words.length === 0) return content;
  options[at] = { name: start.name, value: withFlag(words, '--cloud-provider=', 'external') };
  return print(sections);
}

/** The first two words share a line, each other has its own. */
function withFlag([program, ...flags]: readonly string[], prefix: string, value: string): string {
  const at = flags.findIndex((word) => word.startsWith(prefix));
  flags.splice(at < 0 ? flags.length : at, 1, `${prefix}${value}`);
  return `${program} ${flags.join(' \\\n    ')}`;
}

function parse(content: string): Sections {
  const sections: Sections = new Map();
  let section: Option[] = [];
  for (const line of logicalLines(content)) {
    const header = /^\[(.*)\]\s*$/.exec(line);
    if (header) {
      const name = header[1] ?? '';
      section = sections.get(name) ?? [];
      sections.set(name, section);
    } else {
      const equals = line.indexOf('=');
      if (equals > 0) section.push({ name: line.slice(0, equals).trim(), value: line.slice(equals + 1).trim() });
    }
  }
  return sections;
}

/** Lines with their continuations; without comments and empty ones. */
function logicalLines(content: string): string[] {
  const lines: string[] = [];
  let open = false;
  for (const line of content.split('\n')) {
    const last = lines.length - 1;
    if (open) lines[last] = `${lines[last]}\n${line}`;
    else if (line.trim() !== '' && !/^\s*[#;]/.test(line)) lines.push(line);
    else continue;
    open = line.endsWith('\\');
  }
  return lines;
}

function print(sections: Sections): string {
  const texts = [...sections].map(([name, options]) => {
    const lines = options.map((option) => `${option.name}=${option.value}\n`);
    return `[${name}]\n${lines.join('')}`;
  });
  return texts.join('\n');
}
