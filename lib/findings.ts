/** A text with tokens as cdk-nag names it in the id of a finding: `${Token[AWS.Region.4]}` is `<AWS::Region>`. */
export const asFound = (text: string): string =>
  text.replaceAll(/\$\{Token\[AWS[.:]+([A-Za-z]+)[^\]]*\]\}/g, (_, name: string) => `<AWS::${name}>`);
