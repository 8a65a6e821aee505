import type { Report, YamlPath } from '#core/problems';

const pattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** What the address says is not for a sequence to change. */
const ofTheAddress = ['email', 'email-domain', 'email-name'];

/** Reports names that no lead field may have. */
export const reportFieldNames = (names: readonly string[], pathOf: (name: string) => YamlPath, report: Report): void => {
  for (const name of names) {
    if (pattern.test(name) && name.length <= 40 && !ofTheAddress.includes(name)) continue;
    report(pathOf(name), {
      code: 'bad-field',
      what: ofTheAddress.includes(name) ? 'an address changes by POST /addresses, not here' : 'this is not a name of a field',
      got: name,
      allowed: 'lower-case words joined by hyphens, at most 40 characters, e.g. plan or seats-used',
      at: 'key',
    });
  }
};
