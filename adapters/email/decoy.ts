/**
 * A link that no reader sees, hears or reaches by keyboard; who follows it is a machine. SES tracks it as it tracks any link.
 * Before the end of the body, so that it is nothing's first line. The text part, made from the letter, has none.
 */
export const withDecoy = (html: string, address: string): string => {
  const end = html.lastIndexOf('</body>');
  return end < 0 ? html : `${html.slice(0, end)}${unseen(address)}${html.slice(end)}`;
};

/** `mso-hide`: Outlook on Windows shows what only `display` hides. */
const unseen = (address: string): string =>
  `<div aria-hidden="true" style="display:none;mso-hide:all;max-height:0;overflow:hidden;font-size:0;line-height:0;"><a href="${address}" tabindex="-1" rel="nofollow" style="display:none;mso-hide:all;">&#8203;</a></div>`;
