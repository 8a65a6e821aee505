import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { withResults } from '../bench/write.ts';

/** docs/construct.md with the tables of the construct's own words: what stands above each member in the source. */
export const constructPage = (): string => {
  const props = [...membersOf('lib/baton.ts', 'BatonProps'), ...membersOf('lib/settings-props.generated.ts', 'SettingsProps')];
  const page = withResults(readFileSync('docs/construct.md', 'utf8'), 'props', table('property', props));
  return withResults(page, 'members', table('member', membersOf('lib/baton.ts', 'Baton')));
};

type Member = { readonly signature: string; readonly words: string };

const table = (what: string, members: readonly Member[]): string =>
  [`| ${what} | meaning |`, '|---|---|', ...members.map((it) => `| \`${it.signature.replaceAll('|', '\\|')}\` | ${it.words} |`)].join('\n');

/** Public members of a class or an interface. One without words stops the generation. */
const membersOf = (file: string, name: string): readonly Member[] => {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const declared = source.statements.find(
    (it): it is ts.ClassDeclaration | ts.InterfaceDeclaration =>
      (ts.isClassDeclaration(it) || ts.isInterfaceDeclaration(it)) && it.name?.text === name,
  );
  if (!declared) throw new Error(`${file} declares no ${name}`);
  return [...declared.members].filter(isPublic).map((it) => {
    const words = ts
      .getJSDocCommentsAndTags(it)
      .map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? '')
      .join(' ');
    const signature = signatureOf(it, source);
    if (words === '') throw new Error(`${file}: ${signature} says nothing of itself`);
    return { signature, words: words.replaceAll(/\s*\n\s*/g, ' ') };
  });
};

const isPublic = (it: ts.ClassElement | ts.TypeElement): boolean =>
  !ts.isConstructorDeclaration(it) &&
  !(ts.getCombinedModifierFlags(it as ts.Declaration) & ts.ModifierFlags.Private) &&
  !ts.getJSDocTags(it).some((tag) => tag.tagName.text === 'internal');

/** As it is declared, without body and `readonly`; nested settings by their names. */
const signatureOf = (it: ts.ClassElement | ts.TypeElement, source: ts.SourceFile): string => {
  const text = ts.isMethodDeclaration(it)
    ? source.text.slice(it.getStart(source), it.body?.getStart(source)).trim()
    : it.getText(source).replace(/;$/, '');
  return text
    .replaceAll(/\/\*\*.*?\*\//gs, '')
    .replaceAll('readonly ', '')
    .replaceAll(' | undefined', '')
    .replaceAll(/\s+/g, ' ');
};
