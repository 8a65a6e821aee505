import type { Diagram, DiagramNode, NodeKind } from './diagram.ts';

/** The diagram as Mermaid text, for pages that render it (a repository's, a wiki's). */
export const toMermaid = ({ title, nodes, edges }: Diagram): string => {
  const names = new Map(nodes.map((node, index) => [node.id, `n${index}`]));
  const lines = [
    '---',
    `title: ${title}`,
    '---',
    'flowchart TD',
    ...nodes.map((node) => `  ${names.get(node.id)}${shaped(node)}`),
    ...edges.map(({ from, to, label }) => `  ${names.get(from)} -->${label && `|"${quoted(label)}"|`} ${names.get(to)}`),
  ];
  return `${lines.join('\n')}\n`;
};

/** E-mails as boxes, time as rounded boxes, decisions as rhombi, beginnings and ends as pills. */
const shapes: { readonly [kind in NodeKind]: readonly [string, string] } = {
  start: ['([', '])'],
  end: ['([', '])'],
  exit: ['([', '])'],
  update: ['[/', '/]'],
  notify: ['[/', '/]'],
  'enrol-in': ['[/', '/]'],
  webhook: ['[/', '/]'],
  email: ['[', ']'],
  wait: ['(', ')'],
  'wait-for': ['{{', '}}'],
  branch: ['{', '}'],
  split: ['{', '}'],
  repeat: ['[[', ']]'],
};

const shaped = ({ kind, title, detail }: DiagramNode) => {
  const [open, close] = shapes[kind];
  return `${open}"${quoted(title)}${detail && `<br/>${quoted(detail)}`}"${close}`;
};

const quoted = (text: string) => text.replaceAll('&', '#amp;').replaceAll('"', '#quot;').replaceAll('<', '#lt;').replaceAll('>', '#gt;');
