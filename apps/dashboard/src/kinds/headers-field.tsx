import { Field, faultOf } from '../parts/forms/fields.tsx';
import { splitText } from '../parts/forms/split-text.ts';
import type { KindBody, KindFieldsProps } from './kind.ts';

type Headers = NonNullable<KindBody['headers']>;

/** `name: value` in each line; a name alone keeps the value that the api has. */
export function HeadersField({ fields, error, onChange }: KindFieldsProps) {
  return (
    <Field
      label="Headers"
      hint="One per line, as name: value. Values are never shown again; a name alone keeps its value."
      fault={faultOf(error, 'headers')}
    >
      {(attributes) => (
        <textarea
          className="input mono"
          rows={3}
          {...attributes}
          value={fields['headers']}
          onChange={(event) => onChange({ headers: event.target.value })}
        />
      )}
    </Field>
  );
}

/** The values that are kept are null, which the api takes for a change only. */
export function readHeaders(text: string): Headers {
  return Object.fromEntries(
    splitText(text, '\n').map((line) => {
      const [, name = line, value] = /^([^:]+):(.*)$/.exec(line) ?? [];
      return [name.trim(), value === undefined ? null : value.trim()];
    }),
  ) as Headers;
}

/** Without the headers whose values are kept: a dry run has none to send. */
export function withGivenHeaders(body: KindBody): KindBody {
  const given = Object.entries(body.headers ?? {}).filter(
    ([, value]) => (value as string | null) !== null,
  );
  return { ...body, headers: Object.fromEntries(given) };
}
