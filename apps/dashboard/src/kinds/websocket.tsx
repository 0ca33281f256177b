import { faultOf, TextField } from '../parts/forms/fields.tsx';
import { escapeText, ESCAPES, unescapeText } from './escapes.ts';
import { HeadersField, readHeaders, withGivenHeaders } from './headers-field.tsx';
import type { KindBody, KindFields, KindFieldsProps, KindForm } from './kind.ts';

export const websocketForm: KindForm = {
  label: 'WebSocket',
  fresh: { url: '', headers: '', subprotocol: '', send: '', expect: '' },
  fieldsOf: ({ url = '', headers = {}, subprotocol, send, expect }) => ({
    url,
    headers: Object.keys(headers).join('\n'),
    subprotocol: subprotocol ?? '',
    send: escapeText(send ?? ''),
    expect: escapeText(expect ?? ''),
  }),
  toBody,
  toDryRun: (fields) => withGivenHeaders(toBody(fields)),
  hasTarget: ({ url = '' }) => url.trim() !== '',
  describe: ({ target }) => `Connect to ${target}`,
  TargetFields: ({ fields, error, onChange }) => (
    <TextField
      label="URL"
      type="url"
      placeholder="wss://"
      value={fields['url']}
      onChange={(event) => onChange({ url: event.target.value })}
      required
      fault={faultOf(error, 'url')}
    />
  ),
  AdvancedFields,
};

function toBody({
  url = '',
  headers = '',
  subprotocol = '',
  send = '',
  expect = '',
}: KindFields): KindBody {
  return {
    url: url.trim(),
    headers: readHeaders(headers),
    subprotocol: subprotocol.trim() || null,
    send: unescapeText(send) || null,
    expect: unescapeText(expect) || null,
  };
}

function AdvancedFields(props: KindFieldsProps) {
  const { fields, error, onChange } = props;
  return (
    <>
      <TextField
        label="Subprotocol"
        hint="The server must accept it. Leave it empty for none."
        value={fields['subprotocol']}
        onChange={(event) => onChange({ subprotocol: event.target.value })}
        fault={faultOf(error, 'subprotocol')}
      />
      <TextField
        label="Message to send"
        hint={`Sent once the connection stands. ${ESCAPES}`}
        value={fields['send']}
        onChange={(event) => onChange({ send: event.target.value })}
        fault={faultOf(error, 'send')}
      />
      <TextField
        label="A message must contain"
        hint={`Empty: a connection is enough. ${ESCAPES}`}
        value={fields['expect']}
        onChange={(event) => onChange({ expect: event.target.value })}
        fault={faultOf(error, 'expect')}
      />
      <HeadersField {...props} />
    </>
  );
}
