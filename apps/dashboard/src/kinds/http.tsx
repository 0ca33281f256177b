import { Field, faultOf, TextField } from '../parts/forms/fields.tsx';
import { splitText } from '../parts/forms/split-text.ts';
import { Tick } from '../parts/states/tick.tsx';
import { HeadersField, readHeaders, withGivenHeaders } from './headers-field.tsx';
import type { KindBody, KindFields, KindFieldsProps, KindForm } from './kind.ts';

export const httpForm: KindForm = {
  label: 'Website or API (HTTP)',
  fresh: {
    url: '',
    method: 'GET',
    expectedStatus: '200',
    bodyContains: '',
    maxBodyBytes: '',
    /** `name: value` in each line; a name alone keeps the value that the api has. */
    headers: '',
    followRedirects: 'on',
  },
  fieldsOf: (monitor) => ({
    url: monitor.url ?? '',
    method: monitor.method ?? 'GET',
    expectedStatus: (monitor.expectedStatus ?? []).join(', '),
    bodyContains: monitor.bodyContains ?? '',
    maxBodyBytes: String(monitor.maxBodyBytes ?? ''),
    headers: Object.keys(monitor.headers ?? {}).join('\n'),
    followRedirects: monitor.followRedirects ? 'on' : '',
  }),
  toBody,
  toDryRun: (fields) => withGivenHeaders(toBody(fields)),
  hasTarget: ({ url = '' }) => url.trim() !== '',
  describe: ({ method, url }) => `${method} ${url}`,
  TargetFields: ({ fields, error, onChange }) => (
    <TextField
      label="URL"
      type="url"
      placeholder="https://"
      value={fields['url']}
      onChange={(event) => onChange({ url: event.target.value })}
      required
      fault={faultOf(error, 'url')}
    />
  ),
  AdvancedFields,
};

function toBody(fields: KindFields): KindBody {
  const {
    url = '',
    method,
    expectedStatus = '',
    bodyContains,
    maxBodyBytes,
    headers = '',
    followRedirects,
  } = fields;
  return {
    url: url.trim(),
    method: method as NonNullable<KindBody['method']>,
    expectedStatus: splitText(expectedStatus, ','),
    bodyContains: bodyContains || null,
    maxBodyBytes: maxBodyBytes ? Number(maxBodyBytes) : 1_048_576,
    headers: readHeaders(headers),
    followRedirects: followRedirects === 'on',
  };
}

function AdvancedFields(props: KindFieldsProps) {
  const { fields, error, onChange } = props;
  const follows = fields['followRedirects'] === 'on';
  return (
    <>
      <MethodField {...props} />
      <TextField
        label="Expected status"
        hint="Codes or ranges such as 200-299, separated by commas. Any other is a failure."
        value={fields['expectedStatus']}
        onChange={(event) => onChange({ expectedStatus: event.target.value })}
        fault={faultOf(error, 'expectedStatus')}
      />
      <TextField
        label="The body must contain"
        value={fields['bodyContains']}
        onChange={(event) => onChange({ bodyContains: event.target.value })}
        fault={faultOf(error, 'bodyContains')}
      />
      <TextField
        label="Search limit (bytes)"
        type="number"
        min={1024}
        max={10_485_760}
        hint="How much of the body is searched. Default: 1048576 (1 MiB). At most 10 MiB."
        value={fields['maxBodyBytes']}
        onChange={(event) => onChange({ maxBodyBytes: event.target.value })}
        fault={faultOf(error, 'maxBodyBytes')}
      />
      <HeadersField {...props} />
      <label className="tick-line">
        <Tick
          checked={follows}
          onChange={() => onChange({ followRedirects: follows ? '' : 'on' })}
        />
        Follow redirects
      </label>
    </>
  );
}

function MethodField({ fields, onChange }: KindFieldsProps) {
  return (
    <Field label="Method">
      {(attributes) => (
        <select
          className="input input-short"
          {...attributes}
          value={fields['method']}
          onChange={(event) => onChange({ method: event.target.value })}
        >
          <option>GET</option>
          <option>HEAD</option>
        </select>
      )}
    </Field>
  );
}
