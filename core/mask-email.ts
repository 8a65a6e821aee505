/** Enough for its owner to know it, too little for anybody else: `k•••@e•••.com`. */
export const maskEmail = (email: string): string => {
  const at = email.lastIndexOf('@');
  const domain = email.slice(at + 1);
  const ending = domain.slice(domain.lastIndexOf('.'));
  return `${first(email.slice(0, at))}•••@${first(domain)}•••${ending}`;
};

const first = (text: string): string => [...text][0] ?? '';
