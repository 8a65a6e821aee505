import { resourcesOf, type Template } from '#tests/helpers/synth';

/** Functions whose log group is none of the template's, is kept when the stack goes, or does not end after so many days. */
export const unendedLogs = (template: Template, days: number): readonly string[] =>
  resourcesOf(template, 'AWS::Lambda::Function')
    .filter(({ Properties }) => {
      const { LogGroup } = (Properties.LoggingConfig ?? {}) as { readonly LogGroup?: { readonly Ref?: string } };
      const group = template.Resources[LogGroup?.Ref ?? ''];
      return group?.Properties.RetentionInDays !== days || group.DeletionPolicy !== 'Delete';
    })
    .map((it) => it.logicalId);
