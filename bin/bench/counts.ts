/** Six mails each to a thousand leads: what cost is measured on. */
export const leadCount = 1000;
export const mailCount = 6;
