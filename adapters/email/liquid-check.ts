import { AssignTag, CaseTag, CommentTag, IfTag, Liquid, LiquidError, Output, type Template, TypeGuards, UnlessTag, type Value } from 'liquidjs';
import { meantHint } from '#core/did-you-mean';
import type { Problem } from '#core/problems';
import { checkVariable, filtersAllowed, type Need, type Scope, tagsAllowed } from './merge-fields.ts';
import { type Finding, type Piece, problemAt, type Source } from './source.ts';

/** Filters are judged here, not by the engine, so that the problem can say which there are. */
const engine = new Liquid({ strictVariables: true, strictFilters: false, ownPropertyOnly: true, templates: {}, parseLimit: 500_000 });

/** Everything in this Liquid that could fail, or look wrong, for some lead. */
export const checkLiquid = (source: Source, piece: Piece): readonly Problem[] => {
  const problems: Problem[] = [];
  const check = createCheck((index, finding) => problems.push(problemAt(source, piece.offsetOf(index), finding)));
  try {
    check.templates(engine.parse(piece.text), { guarded: new Set(), assigned: new Set() });
  } catch (error) {
    if (!LiquidError.is(error)) throw error;
    const what = error.message.replace(/, (file|line):[\s\S]*$/, '');
    return [problemAt(source, piece.offsetOf(error.token.begin), { code: 'bad-liquid', what })];
  }
  return problems;
};

type Token = Value['initial']['postfix'][number];
type Tell = (index: number, finding: Finding) => void;

const createCheck = (tell: Tell) => {
  const templates = (list: readonly Template[], scope: Scope): void => {
    const assigned = new Set(scope.assigned);
    for (const it of list) template(it, { ...scope, assigned });
  };

  const template = (it: Template, scope: Scope & { readonly assigned: Set<string> }): void => {
    if (it instanceof Output) return value(it.value, 'output', scope);
    if (it instanceof IfTag || it instanceof UnlessTag) return conditional(it, scope);
    if (it instanceof CaseTag) return cases(it, scope);
    if (it instanceof AssignTag) return assign(it, scope);
    if (it instanceof CommentTag || TypeGuards.isHTMLToken(it.token)) return;
    const name = 'name' in it ? String(it.name) : 'this';
    tell(it.token.begin, { code: 'liquid-tag-not-allowed', what: `{% ${name} %} cannot be used in an e-mail`, allowed: tagsAllowed.join(', ') });
  };

  /** What a branch's condition proves holds inside that branch. */
  const conditional = (tag: IfTag | UnlessTag, scope: Scope) => {
    tag.branches.forEach((branch, index) => {
      value(branch.value, 'condition', scope);
      const isNegated = tag instanceof UnlessTag && index === 0;
      templates(branch.templates, isNegated ? scope : guardedBy(branch.value, scope));
    });
    templates(tag.elseTemplates ?? [], scope);
  };

  const cases = (tag: CaseTag, scope: Scope) => {
    value(tag.value, 'condition', scope);
    for (const branch of tag.branches) {
      for (const it of branch.values) token(it, 'output', scope);
      templates(branch.templates, guardedBy(tag.value, scope));
    }
    templates(tag.elseTemplates, scope);
  };

  const assign = (tag: AssignTag, scope: { readonly guarded: Scope['guarded']; readonly assigned: Set<string> }) => {
    for (const it of tag.arguments()) if ('initial' in it && 'postfix' in it.initial) value(it as Value, 'output', scope);
    for (const it of tag.localScope()) scope.assigned.add(it.content);
  };

  const value = ({ initial, filters }: Value, use: Need, scope: Scope) => {
    if (!isWhole(initial.postfix)) {
      tell(initial.postfix[0]?.begin ?? 0, { code: 'bad-liquid', what: 'this has more than one value, or a word too many' });
    }
    const isOptional = use === 'condition' || filters[0]?.name === 'default';
    for (const it of initial.postfix) token(it, isOptional ? 'condition' : 'output', scope);
    for (const it of filters) filter(it, initial.postfix[0]?.begin ?? 0, scope);
  };

  const filter = (it: Value['filters'][number], index: number, scope: Scope) => {
    if (!filtersAllowed.includes(it.name)) {
      const what = `there is no filter "${it.name}" for e-mails`;
      tell(index, { code: 'unknown-filter', what, got: it.name, allowed: filtersAllowed.join(', '), ...meantHint(it.name, filtersAllowed) });
    }
    for (const argument of it.args) {
      const given = Array.isArray(argument) ? argument[1] : argument;
      if (given) token(given, 'output', scope);
    }
  };

  const token = (it: Token, use: Need, scope: Scope) => {
    if (!TypeGuards.isPropertyAccessToken(it) || it.variable) return;
    const finding = checkVariable(pathOf(it), use, scope);
    if (finding) tell(it.begin, finding);
  };

  return { templates };
};

/** Names along a path; undefined where the name is itself computed. */
const pathOf = (token: Token): readonly (string | undefined)[] => {
  if (!TypeGuards.isPropertyAccessToken(token)) return [];
  return token.props.map((it) => (TypeGuards.isQuotedToken(it) || TypeGuards.isWordToken(it) ? it.content : undefined));
};

/** A condition proves that a variable is there when it cannot hold without it: no or, no not, no comparison with nothing. */
const guardedBy = ({ initial }: Value, scope: Scope): Scope => {
  const provesNothing = initial.postfix.some(
    (it) => TypeGuards.isLiteralToken(it) || (TypeGuards.isOperatorToken(it) && ['or', 'not', '!='].includes(it.operator)),
  );
  const names = initial.postfix.filter((it) => TypeGuards.isPropertyAccessToken(it)).map((it) => pathOf(it).join('.'));
  return provesNothing ? scope : { ...scope, guarded: new Set([...scope.guarded, ...names]) };
};

/** One value remains when all operators are applied. */
const isWhole = (postfix: readonly Token[]): boolean =>
  postfix.reduce((left, it) => (!TypeGuards.isOperatorToken(it) ? left + 1 : it.operator === 'not' ? left : left - 1), 0) === 1;
