import { isStatusExpectation } from '@gomon/domain';
import { Ajv, type Options } from 'ajv';
import type { FastifySchemaValidationError } from 'fastify';
import fp from 'fastify-plugin';
import Format from 'typebox/format';
import { isHeaderName, isHeaderValue } from '../header-fields.ts';
import { escapePointer, type Fault } from '../problem.ts';
import { isTargetUrl } from '../target-url.ts';
import { isUuid } from '../uuid.ts';

/** Nothing is coerced but query strings, which are text by nature; every fault is found, not only the first. */
export const validation = fp(async (app) => {
  const strict = createAjv({});
  const coercing = createAjv({ coerceTypes: true, useDefaults: true });
  app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === 'querystring' ? coercing : strict).compile(schema));
});

/** Where the fault is and what it is; nothing for one that only repeats another. */
export function toFault(error: FastifySchemaValidationError & { propertyName?: string }): Fault[] {
  const { keyword, instancePath, params, propertyName, message = 'is not valid' } = error;
  switch (keyword) {
    case 'required':
      return [{ pointer: `${instancePath}/${escapePointer(String(params['missingProperty']))}`, message: 'must be given' }];
    case 'additionalProperties':
      return [{ pointer: `${instancePath}/${escapePointer(String(params['additionalProperty']))}`, message: 'is not known' }];
    case 'enum':
      return [{ pointer: instancePath, message: `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}` }];
    case 'format':
      return [
        { pointer: pointerTo(instancePath, propertyName), message: `must be ${FORMATS[String(params['format'])]?.describes}` },
      ];
    case 'propertyNames':
      return [];
    default:
      return [{ pointer: pointerTo(instancePath, propertyName), message }];
  }
}

function pointerTo(instancePath: string, propertyName: string | undefined): string {
  return propertyName === undefined ? instancePath : `${instancePath}/${escapePointer(propertyName)}`;
}

interface TextFormat {
  /** Completes "must be …". */
  readonly describes: string;
  readonly holds: (text: string) => boolean;
}

const FORMATS: Record<string, TextFormat> = {
  uuid: { describes: 'a UUID', holds: isUuid },
  'date-time': { describes: 'a moment in RFC 3339 since 1970', holds: isMoment },
  text: { describes: 'text without NUL or halves of characters', holds: (text) => text.isWellFormed() && !text.includes('\0') },
  line: {
    describes: 'one line of text without control characters',
    holds: (text) => text.isWellFormed() && !/\p{Cc}/u.test(text),
  },
  password: { describes: 'text without halves of characters', holds: (text) => text.isWellFormed() },
  'target-url': { describes: 'an absolute http or https URL without credentials', holds: isTargetUrl },
  'status-expectation': { describes: 'a status code such as "200" or a range such as "200-299"', holds: isStatusExpectation },
  'header-name': { describes: 'the name of a header field that a monitor may set', holds: isHeaderName },
  'header-value': { describes: 'visible ASCII or Latin-1 text', holds: isHeaderValue },
};

function createAjv(options: Options): Ajv {
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, ...options });
  for (const [name, { holds }] of Object.entries(FORMATS)) ajv.addFormat(name, holds);
  return ajv;
}

function isMoment(text: string): boolean {
  return Format.IsDateTime(text) && Date.parse(text) >= 0;
}
