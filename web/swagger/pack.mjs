// Packs Swagger UI from node_modules into this folder, from which the hub takes it: run `npm ci && npm run swagger` in web/
// after a new version of swagger-ui-dist, and commit what it wrote. With a folder as argument it writes there instead.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const from = fileURLToPath(new URL('../node_modules/swagger-ui-dist/', import.meta.url));
const to = process.argv[2] ?? fileURLToPath(new URL('.', import.meta.url));

for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
  // Without the pointer to a source map, which the hub does not have.
  const text = readFileSync(join(from, name), 'utf8').replace(/\n?(\/\*|\/\/)# sourceMappingURL=[^\n]*\n?$/, '\n');
  writeFileSync(join(to, `${name}.gz`), gzipSync(text, { level: 9 }));
}
for (const name of ['LICENSE', 'NOTICE']) copyFileSync(join(from, name), join(to, name));
