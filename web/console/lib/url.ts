import { paths } from '../contract.ts';

export type Query = { readonly [name: string]: string | number | undefined };

const queryOf = (query: Query): string => {
  const given = Object.entries(query).filter(([, it]) => it !== undefined && it !== '');
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, it]) => [name, String(it)])).toString()}`;
};

/** Of the server's answers. */
export const apiUrl = (path: string, query: Query = {}): string => `${paths.api}${path}${queryOf(query)}`;
/** Of a view, as it stands in the address bar. */
export const viewUrl = (path: string, query: Query = {}): string => `/console${path}${queryOf(query)}`;
export const leadUrl = (leadId: string): string => viewUrl(`/leads/${leadId}`);
export const sequenceUrl = (sequence: string): string => viewUrl(`/sequences/${sequence}`);
export const taskUrl = (taskId: string): string => viewUrl(`/tasks/${taskId}`);
