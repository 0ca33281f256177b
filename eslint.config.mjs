import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** The arrows of docs/architecture.md, as lint rules: who may import whom. */
const arrows = [
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:lib'] },
  { sourceTag: 'type:lib', onlyDependOnLibsWithTags: ['type:lib'] },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:lib', 'type:test-support'] },
  { sourceTag: 'type:test-support', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:domain', onlyDependOnLibsWithTags: [], bannedExternalImports: ['*'] },
  { sourceTag: 'scope:runtime', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:encryption', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:alerting', onlyDependOnLibsWithTags: ['scope:domain'] },
  { sourceTag: 'scope:checks', onlyDependOnLibsWithTags: ['scope:domain'] },
  {
    sourceTag: 'scope:queue-contracts',
    onlyDependOnLibsWithTags: ['scope:domain', 'scope:checks'],
  },
  {
    sourceTag: 'scope:channels',
    onlyDependOnLibsWithTags: ['scope:domain'],
    allowedExternalImports: ['typebox'],
  },
  {
    sourceTag: 'scope:persistence',
    onlyDependOnLibsWithTags: ['scope:domain', 'scope:channels', 'scope:checks'],
  },
  { sourceTag: 'scope:client', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:dashboard', onlyDependOnLibsWithTags: ['scope:client'] },
  { sourceTag: 'scope:egress', onlyDependOnLibsWithTags: ['scope:domain'] },
  { sourceTag: 'scope:maintenance', onlyDependOnLibsWithTags: ['scope:domain'] },
  {
    sourceTag: 'scope:api',
    onlyDependOnLibsWithTags: [
      'scope:domain',
      'scope:alerting',
      'scope:channels',
      'scope:checks',
      'scope:encryption',
      'scope:persistence',
      'scope:egress',
      'scope:maintenance',
      'scope:runtime',
    ],
    bannedExternalImports: ['bullmq', 'got', 'ioredis', '@prisma/*', 'pg'],
  },
  {
    sourceTag: 'scope:scheduler',
    onlyDependOnLibsWithTags: [
      'scope:domain',
      'scope:alerting',
      'scope:channels',
      'scope:checks',
      'scope:encryption',
      'scope:queue-contracts',
      'scope:persistence',
      'scope:egress',
      'scope:maintenance',
      'scope:runtime',
    ],
    bannedExternalImports: ['@prisma/*', 'pg'],
  },
  {
    sourceTag: 'scope:admin',
    onlyDependOnLibsWithTags: [
      'scope:domain',
      'scope:encryption',
      'scope:persistence',
      'scope:runtime',
    ],
    bannedExternalImports: ['bullmq', 'got', '@prisma/*', 'pg'],
  },
  {
    sourceTag: 'scope:prober',
    onlyDependOnLibsWithTags: [
      'scope:domain',
      'scope:checks',
      'scope:encryption',
      'scope:queue-contracts',
      'scope:egress',
      'scope:runtime',
    ],
    notDependOnLibsWithTags: ['scope:persistence'],
    bannedExternalImports: ['@prisma/*', 'pg'],
  },
];

const TESTING = { regex: '/testing$', message: 'For tests and benchmarks only.' };

export default defineConfig(
  globalIgnores(['**/dist', '**/coverage', '**/generated', '.nx', '.gomon']),
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { '@nx': nx },
    rules: {
      '@typescript-eslint/require-await': 'off', // Fastify's handlers are async by contract.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'describe'], package: '@jest/globals' },
          ],
        },
      ],
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: false, allow: [], depConstraints: arrows },
      ],
      eqeqeq: 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        { selector: 'ExportAllDeclaration', message: 'List the names.' },
      ],
    },
  },
  {
    files: ['apps/*/src/**/*.{ts,tsx}', 'libs/*/src/**/*.ts'],
    ignores: ['apps/*/src/main.ts', '**/*.test.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only main.ts reads the environment.' },
      ],
    },
  },
  {
    files: ['apps/*/src/**/*.{ts,tsx}', 'libs/*/src/**/*.ts'],
    ignores: ['**/*.test.{ts,tsx}', 'libs/client/src/openapi.ts'],
    rules: {
      'max-lines': ['error', { max: 250 }],
      'max-lines-per-function': ['error', { max: 60, skipComments: true }],
    },
  },
  {
    // A statement of SQL, closures over one state, a list of metrics, and two forms that are longer.
    files: [
      'apps/dashboard/src/pages/maintenance/maintenance-form.tsx',
      'apps/dashboard/src/pages/monitors/form/advanced-fields.tsx',
      'apps/prober/src/fair-queue.ts',
      'apps/prober/src/metrics.ts',
      'libs/persistence/src/pipeline/ingest.ts',
    ],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    files: ['**/*.test.ts', '**/test/**', 'tests/**', 'bench/**', 'tools/client-types/**'],
    rules: { '@nx/enforce-module-boundaries': 'off' },
  },
  {
    files: ['tests/**', 'bench/**', 'tools/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(\\.\\./)+(apps|libs)/',
              message: 'Take it from an export, such as @gomon/api/testing.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['apps/*/src/**', 'libs/*/src/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [TESTING] }] },
  },
  {
    files: ['apps/api/src/**', 'apps/admin/src/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [TESTING],
          paths: [
            {
              name: '@gomon/alerting',
              message: 'The api may know the rule only: @gomon/alerting/rule.',
            },
            {
              name: '@gomon/persistence/pipeline',
              message: "Dispatch and ingest are the scheduler's alone.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        require: 'readonly',
        module: 'readonly',
        __filename: 'readonly',
        fetch: 'readonly',
      },
    },
  },
);
