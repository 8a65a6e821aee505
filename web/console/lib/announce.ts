/** One polite region for the whole console: what happened, for those who do not see it. */
export const regionId = 'announcer';

export const announce = (words: string): void => {
  const region = document.getElementById(regionId);
  if (!region) return;
  // The same words twice are said twice only if the region was empty in between.
  region.textContent = '';
  setTimeout(() => {
    region.textContent = words;
  }, 30);
};
