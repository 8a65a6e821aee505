import { isUtf8 } from 'node:buffer';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { placeAt } from '#adapters/email/source';
import { meantHint } from '#core/did-you-mean';
import type { Problem } from '#core/problems';

/** Files of a marketing folder that are not as they seem: nobody reads them, or not all their letters can be read. */
export const oddFiles = async (dir: string): Promise<readonly Problem[]> => {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((it) => it.isFile())
    .map((it) => join(it.parentPath, it.name).slice(join(dir, '/').length).replaceAll('\\', '/'))
    .filter((it) => /\.(ya?ml|md|markdown|mjml)$/.test(it) && !it.split('/').some((part) => part.startsWith('.')))
    .sort();
  const found = await Promise.all(
    files.map(async (file) => (isRead(file) ? unreadable(file, await readFile(join(dir, file))) : unread(file))),
  );
  return found.flat();
};

const topFiles = ['brand.yaml', 'scoring.yaml', 'sales.yaml', 'behaviour.yaml', 'layout.mjml'];
const folders: readonly RegExp[] = [
  // Other names there are an error already.
  /^(forms|consent)\//,
  /^(imports|pages)\/[^/]+\.yaml$/,
  /^partials\/[^/]+\.(md|mjml)$/,
  /^sequences\/[^/]+\/sequence\.yaml$/,
  /^sequences\/[^/]+\/emails\/[^/]+\.(md|mjml)$/,
  /^sequences\/[^/]+\/tests\/[^/]+\.yaml$/,
];
const isRead = (file: string): boolean => topFiles.includes(file) || folders.some((it) => it.test(file));

/** Notes are welcome, and populations lie where one likes; a name that is nearly right is a slip. */
const unread = (file: string): readonly Problem[] => {
  const [top = '', ...below] = file.split('/');
  const name = below.at(-1) ?? top;
  if (/^(README|IMPORTED|NOTES)\.md$/i.test(name)) return [];
  const meant = nearly(file);
  const isOurs = below.length > 0 && ['sequences', 'imports', 'pages', 'partials'].includes(top);
  if (!isOurs && meant.hint === undefined) return [];
  const place = { severity: 'warning' as const, file, line: 1, column: 1 };
  return [
    {
      ...place,
      code: 'unread-file',
      what: 'nothing reads this file: its name or its folder is none that Baton knows',
      got: name,
      ...meant,
    },
  ];
};

const nearly = (file: string): { readonly hint?: string } => {
  const renamed = file.replace(/\.yml$/, '.yaml').replace(/\.markdown$/, '.md');
  if (renamed !== file && isRead(renamed)) return { hint: `did you mean "${renamed.split('/').at(-1)}"?` };
  const [top = '', id, folder = ''] = file.split('/');
  if (id === undefined) return meantHint(top, topFiles);
  if (top !== 'sequences') return meantHint(top, ['sequences', 'partials', 'forms', 'imports', 'pages', 'consent']);
  return meantHint(folder, ['sequence.yaml', 'emails', 'tests']);
};

const unreadable = (file: string, bytes: Buffer): readonly Problem[] => {
  if (isUtf8(bytes)) return [];
  const text = bytes.toString('utf8');
  const at = text.indexOf('\uFFFD');
  const line = text.slice(text.lastIndexOf('\n', at) + 1).split(/\r?\n/, 1)[0] ?? '';
  return [
    {
      severity: 'error',
      file,
      ...placeAt(text, at),
      code: 'not-utf8',
      what: 'a letter cannot be read here, for the file is not saved as UTF-8',
      got: line.slice(0, 60),
      allowed: 'UTF-8: your editor offers it where it saves ("encoding")',
    },
  ];
};
