/** `*` stands for everybody. */
export const everybody = '*';

/**
 * Whether mail may go to this address. Entries are addresses, domains (`company.com`, or `@company.com`) or `*`; undefined: nothing
 * restrains it. The address is normalised, entries may be written in any case. Subdomains are domains of their own.
 */
export const mayReceive = (allowed: readonly string[] | undefined, email: string): boolean => {
  if (allowed === undefined) return true;
  const domain = email.slice(email.lastIndexOf('@') + 1);
  return allowed.some((entry) => {
    const it = entry.trim().toLowerCase();
    return it === everybody || it === email.toLowerCase() || it.replace(/^@/, '') === domain.toLowerCase();
  });
};
