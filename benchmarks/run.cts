import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { asTable, type Measurement, passes } from './report.cts';

/** What every benchmark file exports. */
export interface Benchmark {
	/** Runs the benchmark; tells on standard error how far it is. */
	run: () => Promise<Measurement[]>;
}

/** Names that stand for several benchmarks. */
const GROUPS: Record<string, string[]> = { scale: ['rows', 'queue'] };

function known(): string[] {
	return readdirSync(__dirname)
		.filter((file) => file.endsWith('.cts') && !['run.cts', 'report.cts'].includes(file))
		.map((file) => file.replace('.cts', ''));
}

async function main(): Promise<void> {
	const { positionals, values } = parseArgs({
		allowPositionals: true,
		options: { json: { type: 'string' } },
	});
	const names =
		positionals.length > 0 ? positionals.flatMap((name) => GROUPS[name] ?? [name]) : known();
	const unknown = names.filter((name) => !known().includes(name));
	if (unknown.length > 0)
		throw new Error(
			`No benchmark named ${unknown.join(', ')}. There are: ${[...known(), ...Object.keys(GROUPS)].join(', ')}.`,
		);

	const results: Record<string, Measurement[]> = {};
	for (const name of names) {
		const { run } = require(join(__dirname, `${name}.cts`)) as Benchmark;
		results[name] = await run();
		console.log(`\n${name}\n${asTable(results[name])}`);
	}
	if (values.json !== undefined)
		writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
	if (!Object.values(results).flat().every(passes)) process.exitCode = 1;
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 2;
});
