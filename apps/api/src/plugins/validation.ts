import { Ajv, type Options } from 'ajv';
import type { FastifySchemaValidationError } from 'fastify';
import fp from 'fastify-plugin';
import { FORMATS } from '../http/formats.ts';
import { escapePointer, MAX_FAULTS, type Fault } from '../problem.ts';

/** Coerces only query strings, which are always text; reports several faults, up to a limit. */
export const validation = fp(async (app) => {
  const strict = createAjv({});
  const coercing = createAjv({ coerceTypes: true, useDefaults: true });
  app.setValidatorCompiler(({ schema, httpPart }) =>
    (httpPart === 'querystring' ? coercing : strict).compile(schema),
  );
});

/** The location and description of a fault; nothing for one that repeats another. */
export function toFault(error: FastifySchemaValidationError & { propertyName?: string }): Fault[] {
  const { keyword, instancePath, params, propertyName, message = 'is not valid' } = error;
  switch (keyword) {
    case 'required':
      return [
        {
          pointer: `${instancePath}/${escapePointer(String(params['missingProperty']))}`,
          message: 'must be given',
        },
      ];
    case 'additionalProperties':
      return [
        {
          pointer: `${instancePath}/${escapePointer(String(params['additionalProperty']))}`,
          message: 'is not known',
        },
      ];
    case 'enum':
      return [
        {
          pointer: instancePath,
          message: `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}`,
        },
      ];
    case 'format':
      return [
        {
          pointer: pointerTo(instancePath, propertyName),
          message: `must be ${FORMATS[String(params['format'])]?.describes}`,
        },
      ];
    case 'propertyNames':
      return [];
    default:
      return [{ pointer: pointerTo(instancePath, propertyName), message }];
  }
}

function pointerTo(instancePath: string, propertyName: string | undefined): string {
  return propertyName === undefined
    ? instancePath
    : `${instancePath}/${escapePointer(propertyName)}`;
}

export function createAjv(options: Options): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    allowUnionTypes: true,
    code: { process: endEarly },
    ...options,
  });
  for (const [name, { holds }] of Object.entries(FORMATS)) ajv.addFormat(name, holds);
  return ajv;
}

/** Some repeat others, and a body may have a hundred thousand. */
const ENOUGH_ERRORS = 2 * MAX_FAULTS;

/**
 * Makes Ajv's generated code return after enough errors, because Ajv has no such limit. Code that
 * tries alternatives removes errors again, and stays unchanged.
 */
function endEarly(code: string): string {
  const [, name] = /return function (\w+)\(/.exec(code) ?? [];
  if (name === undefined || /errors = _errs/.test(code)) return code;
  return code.replaceAll(
    'errors++;',
    `if(++errors >= ${ENOUGH_ERRORS}){${name}.errors = vErrors;return false;}`,
  );
}
