import {
  AssignTag,
  CaseTag,
  CommentTag,
  IfTag,
  Liquid,
  LiquidError,
  Output,
  type Template,
  TypeGuards,
  UnlessTag,
  type Value,
} from 'liquidjs';
import { meantHint } from '#core/did-you-mean';
import type { Problem } from '#core/problems';
import { checkFilterWord } from './filter-words.ts';
import { checkVariable, filtersAllowed, type Need, type Scope, tagsAllowed } from './merge-fields.ts';
import { type Finding, type Piece, problemAt, type Source } from './source.ts';

/** Filters are judged here, not by the engine, so that the problem can say which there are. */
const engine = new Liquid({ strictVariables: true, strictFilters: false, ownPropertyOnly: true, templates: {}, parseLimit: 500_000 });

/** Everything in this Liquid that could fail, or look wrong, for some lead. `alsoThere`: merge fields that only this e-mail has. */
export const checkLiquid = (source: Source, piece: Piece, alsoThere: readonly string[] = []): readonly Problem[] => {
  try {
    const found = inTemplates(engine.parse(piece.text), { guarded: new Set(), assigned: new Set(alsoThere) });
    return found.map(({ index, finding }) => problemAt(source, piece.offsetOf(index), finding));
  } catch (error) {
    if (!LiquidError.is(error)) throw error;
    const what = error.message.replace(/, (file|line):[\s\S]*$/, '');
    return [problemAt(source, piece.offsetOf(error.token.begin), { code: 'bad-liquid', what })];
  }
};

type Token = Value['initial']['postfix'][number];
type Found = { readonly index: number; readonly finding: Finding };

/** What is assigned in here is there for what follows in here. */
const inTemplates = (list: readonly Template[], scope: Scope): readonly Found[] => {
  const assigned = new Set(scope.assigned);
  return list.flatMap((it) => {
    const found = inTemplate(it, { guarded: scope.guarded, assigned });
    if (it instanceof AssignTag) for (const { content } of it.localScope()) assigned.add(content);
    return found;
  });
};

const inTemplate = (it: Template, scope: Scope): readonly Found[] => {
  if (it instanceof CommentTag || TypeGuards.isHTMLToken(it.token)) return [];
  if (it instanceof Output) return inValue(it.value, 'output', scope);
  if (it instanceof IfTag || it instanceof UnlessTag) return inConditional(it, scope);
  if (it instanceof CaseTag) return inCase(it, scope);
  if (it instanceof AssignTag)
    return [...it.arguments()].flatMap((value) => ('initial' in value ? inValue(value as Value, 'output', scope) : []));
  const what = `${it.token.getText()} cannot be used in an e-mail`;
  return [{ index: it.token.begin, finding: { code: 'liquid-tag-not-allowed', what, allowed: tagsAllowed.join(', ') } }];
};

/** What a branch's condition proves holds inside that branch. */
const inConditional = (tag: IfTag | UnlessTag, scope: Scope): readonly Found[] => [
  ...tag.branches.flatMap(({ value, templates }, index) => {
    const isNegated = tag instanceof UnlessTag && index === 0;
    return [...inValue(value, 'condition', scope), ...inTemplates(templates, isNegated ? scope : guardedBy(value, scope))];
  }),
  ...inTemplates(tag.elseTemplates ?? [], scope),
];

const inCase = (tag: CaseTag, scope: Scope): readonly Found[] => [
  ...inValue(tag.value, 'condition', scope),
  ...tag.branches.flatMap(({ values, templates }) => [
    ...values.flatMap((it) => inToken(it, 'output', scope)),
    ...inTemplates(templates, guardedBy(tag.value, scope)),
  ]),
  ...inTemplates(tag.elseTemplates, scope),
];

const inValue = ({ initial, filters }: Value, need: Need, scope: Scope): readonly Found[] => {
  const index = initial.postfix[0]?.begin ?? 0;
  const own: Need = filters[0]?.name === 'default' ? 'condition' : need;
  return [
    ...(isWhole(initial.postfix) ? [] : [{ index, finding: { code: 'bad-liquid', what: 'a word too many, or too few' } }]),
    ...initial.postfix.flatMap((it) => inToken(it, own, scope)),
    ...filters.flatMap((it) => inFilter(it, index, scope)),
  ];
};

const inFilter = ({ name, args }: Value['filters'][number], index: number, scope: Scope): readonly Found[] => {
  const given = args.flatMap((it) => (Array.isArray(it) ? (it[1] ?? []) : it));
  const inArguments = given.flatMap((it) => inToken(it, 'output', scope));
  if (filtersAllowed.includes(name)) {
    const finding = checkFilterWord(name, args[0]);
    return finding ? [...inArguments, { index, finding }] : inArguments;
  }
  const what = `there is no filter "${name}" for e-mails`;
  const allowed = filtersAllowed.join(', ');
  return [...inArguments, { index, finding: { code: 'unknown-filter', what, got: name, allowed, ...meantHint(name, filtersAllowed) } }];
};

const inToken = (token: Token, need: Need, scope: Scope): readonly Found[] => {
  if (!TypeGuards.isPropertyAccessToken(token) || token.variable) return [];
  const finding = checkVariable(pathOf(token), need, scope);
  return finding ? [{ index: token.begin, finding }] : [];
};

/** Names along a path; undefined where the name is itself computed. */
const pathOf = (token: Token): readonly (string | undefined)[] => {
  if (!TypeGuards.isPropertyAccessToken(token)) return [];
  return token.props.map((it) => (TypeGuards.isQuotedToken(it) || TypeGuards.isWordToken(it) ? it.content : undefined));
};

/** A condition proves that a variable is there when it cannot hold without it: no or, no not, no comparison with nothing. */
const guardedBy = ({ initial, filters }: Value, scope: Scope): Scope => {
  const provesNothing = initial.postfix.some(
    (it) => TypeGuards.isLiteralToken(it) || (TypeGuards.isOperatorToken(it) && ['or', 'not', '!='].includes(it.operator)),
  );
  if (provesNothing || filters.length > 0) return scope;
  const names = initial.postfix.filter((it) => TypeGuards.isPropertyAccessToken(it)).map((it) => pathOf(it).join('.'));
  return { ...scope, guarded: new Set([...scope.guarded, ...names]) };
};

/** One value remains when all operators are applied. */
const isWhole = (postfix: readonly Token[]): boolean => {
  const left = (count: number, it: Token) => {
    if (!TypeGuards.isOperatorToken(it)) return count + 1;
    return it.operator === 'not' ? count : count - 1;
  };
  return postfix.reduce(left, 0) === 1;
};
