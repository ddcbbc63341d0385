import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import type { Snapshot } from '../nodes/HiApi/models/snapshot';
import { readCatalogue } from './snapshot/readCatalogue.cts';
import { formatSnapshot, refreshSnapshot } from './snapshot/refreshSnapshot.cts';

const HELP = `Brings the bundled model list up to date with HiAPI's public catalogue, and shows what changed.

  npm run snapshot -- [flags]

  --catalogue <url>  where the catalogue is (default: https://www.hiapi.ai); no key is sent
  --file <path>      the list to bring up to date (default: nodes/HiApi/models/snapshot.json)
  --dry-run          only show what would change
  --check            the same, and end with code 1 when the list would change
  --help             this text

Lines: + new, ~ changed, ? no longer listed, ! needs a look.
`;

const MAX_BYTES = 120 * 1024;
const TIMEOUT_MS = 20_000;

async function fetchJson(url: string): Promise<unknown> {
	const response = await fetch(url, {
		headers: { Accept: 'application/json' },
		signal: AbortSignal.timeout(TIMEOUT_MS),
	});
	if (!response.ok) return undefined;
	return await response.json().catch(() => undefined);
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			catalogue: { type: 'string', default: 'https://www.hiapi.ai' },
			file: { type: 'string', default: join('nodes', 'HiApi', 'models', 'snapshot.json') },
			'dry-run': { type: 'boolean', default: false },
			check: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		process.stdout.write(HELP);
		return;
	}
	const previous = JSON.parse(readFileSync(values.file, 'utf8')) as Snapshot;
	const listed = await readCatalogue(values.catalogue.replace(/\/+$/, ''), fetchJson);
	const { snapshot, changes } = refreshSnapshot(
		previous,
		listed,
		new Date().toISOString().slice(0, 10),
	);
	const text = formatSnapshot(snapshot);
	const size = Buffer.byteLength(text);
	if (size > MAX_BYTES)
		throw new Error(
			`The list would take ${size} bytes; at most ${MAX_BYTES} are shipped. Nothing was written.`,
		);
	for (const change of changes) process.stdout.write(`${change}\n`);
	process.stdout.write(
		`${listed.length} models listed, ${changes.length} lines above, ${snapshot.models.length} models in ${size} bytes\n`,
	);
	// The date alone is no change.
	if (values.check && text !== formatSnapshot({ ...previous, asOf: snapshot.asOf }))
		process.exitCode = 1;
	if (values['dry-run'] || values.check) return;
	writeFileSync(values.file, text);
	process.stdout.write(`Written to ${values.file}\n`);
}

main().catch((error: Error & { cause?: Error }) => {
	process.stderr.write(`${error.message}${error.cause ? `: ${error.cause.message}` : ''}\n`);
	process.exitCode = 1;
});
