import { faultOf, TextField } from '../parts/forms/fields.tsx';
import { escapeText, ESCAPES, unescapeText } from './escapes.ts';
import type { KindFieldsProps, KindForm } from './kind.ts';

export const tcpForm: KindForm = {
  label: 'Port (TCP)',
  fresh: { host: '', port: '', send: '', expect: '' },
  fieldsOf: ({ host = '', port, send, expect }) => ({
    host,
    port: String(port ?? ''),
    send: escapeText(send ?? ''),
    expect: escapeText(expect ?? ''),
  }),
  toBody: ({ host = '', port, send = '', expect = '' }) => ({
    host: host.trim(),
    port: Number(port),
    send: unescapeText(send) || null,
    expect: unescapeText(expect) || null,
  }),
  hasTarget: ({ host = '', port }) => host.trim() !== '' && Boolean(port),
  describe: ({ target }) => `Connect to ${target}`,
  TargetFields,
  AdvancedFields,
};

function TargetFields({ fields, error, onChange }: KindFieldsProps) {
  return (
    <>
      <TextField
        label="Host"
        hint="A name or an IP address."
        value={fields['host']}
        onChange={(event) => onChange({ host: event.target.value })}
        required
        maxLength={253}
        fault={faultOf(error, 'host')}
      />
      <TextField
        label="Port"
        type="number"
        min={1}
        max={65_535}
        value={fields['port']}
        onChange={(event) => onChange({ port: event.target.value })}
        required
        fault={faultOf(error, 'port')}
      />
    </>
  );
}

function AdvancedFields({ fields, error, onChange }: KindFieldsProps) {
  return (
    <>
      <TextField
        label="Text to send"
        hint={`Sent once the connection stands. ${ESCAPES}`}
        value={fields['send']}
        onChange={(event) => onChange({ send: event.target.value })}
        fault={faultOf(error, 'send')}
      />
      <TextField
        label="The server must send"
        hint={`Empty: a connection is enough. ${ESCAPES}`}
        value={fields['expect']}
        onChange={(event) => onChange({ expect: event.target.value })}
        fault={faultOf(error, 'expect')}
      />
    </>
  );
}
