/** In place. Most lists are in order already, and cost no more than a look. */
export const sorted = <It>(list: It[], compare: (one: It, other: It) => number): It[] => {
  for (let at = 1; at < list.length; at++) if (compare(list[at - 1] as It, list[at] as It) > 0) return list.sort(compare);
  return list;
};
