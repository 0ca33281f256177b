// For Jest: a module with JSX as one of JavaScript. Its types are checked by the typecheck target.
const { transformSync } = require('esbuild');

module.exports = {
  process: (source, file) => ({
    code: transformSync(source, {
      loader: 'tsx',
      format: 'esm',
      jsx: 'automatic',
      sourcefile: file,
      sourcemap: 'inline',
    }).code,
  }),
};
