/* `npm run docs`: writes the tables of parameters into README.md and docs/ from the descriptions of nodes and credential. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { ROOT } from './docs/markdown.cts';
import { refreshDocuments } from './docs/refresh.cts';

const HELP = `Writes the tables of README.md and docs/ that come from the nodes, between their markers.

  npm run docs              writes them
  npm run docs -- --check   writes nothing, and ends with code 1 when one is out of date
`;

function main(): void {
	const { values } = parseArgs({
		options: { check: { type: 'boolean' }, help: { type: 'boolean' } },
	});
	if (values.help) {
		process.stdout.write(HELP);
		return;
	}
	const { stale, problems } = refreshDocuments();
	for (const { file, text } of stale) {
		if (!values.check) writeFileSync(join(ROOT, file), text);
		process.stdout.write(
			values.check ? `${file} is out of date: run npm run docs\n` : `${file} written\n`,
		);
	}
	for (const problem of problems) process.stderr.write(`${problem}\n`);
	if (problems.length > 0 || (values.check && stale.length > 0)) process.exitCode = 1;
}

try {
	main();
} catch (error) {
	process.stderr.write(`${(error as Error).message}\n`);
	process.exitCode = 1;
}
