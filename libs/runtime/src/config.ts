import Type, { type Static, type TObject, type TSchema, type TString } from 'typebox';
import { Value } from 'typebox/value';

/** Variables of every app; each app has a different metrics port. */
export function operationVariables(metricsPort: number) {
  return {
    LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], {
      default: 'info',
      description: 'Minimum level of log lines.',
    }),
    METRICS_HOST: Type.String({
      minLength: 1,
      default: '0.0.0.0',
      description: 'Address of /metrics, /healthz and /readyz.',
    }),
    METRICS_PORT: Type.Integer({
      minimum: 0,
      maximum: 65_535,
      default: metricsPort,
      description: 'Port of /metrics, /healthz and /readyz.',
    }),
  };
}

/** A text of at least 32 bytes that is never shown. */
export function secret(description: string): TString {
  return Type.String({ minLength: 32, description, writeOnly: true });
}

/** Like `secret`, or empty: a replaced secret, kept while anything made with it remains. */
export function previousSecret(description: string): TString {
  return Type.String({ pattern: '^([^]{32,})?$', default: '', description, writeOnly: true });
}

/**
 * Reads the variables that `schema` names from `environment`: converts text to numbers and
 * booleans, and fills unset or empty ones with defaults. Throws one error that lists every fault by
 * the variable's name, without values.
 */
export function loadConfig<Schema extends TObject>(
  schema: Schema,
  environment: NodeJS.ProcessEnv,
): Static<Schema> {
  const given = Object.entries(schema.properties).flatMap(([name, property]) => {
    const text = environment[name];
    return text ? [[name, convert(property, text)]] : [];
  });
  const config = Value.Default(schema, Object.fromEntries(given));
  if (Value.Check(schema, config)) return config;
  const faults = Value.Errors(schema, config).flatMap(describeFault);
  throw new Error(`Configuration: ${[...new Set(faults)].join('; ')}`);
}

/** What cannot be converted stays text, and the schema then refuses it. */
function convert(property: TSchema, text: string): unknown {
  if (Type.IsInteger(property) || Type.IsNumber(property))
    return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
  if (Type.IsBoolean(property)) return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

type Fault = ReturnType<typeof Value.Errors>[number];

function describeFault(fault: Fault): string[] {
  if (fault.keyword === 'required')
    return fault.params.requiredProperties.map((name) => `${name} is not set`);
  return [`${fault.instancePath.slice(1)} ${fault.message}`];
}
