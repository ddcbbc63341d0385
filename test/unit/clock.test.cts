import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { ROOT } from '../../scripts/docs/markdown.cts';

const ROOMS = ['nodes/HiApi/models', 'nodes/shared'];

/** Files of these folders that tie them to the clock, to chance or to waiting in real time. */
const TIED = ['nodes/shared/clock.ts', 'nodes/shared/webhook/verify.ts'];

const TIES =
	/Date\.now|new Date\(\)|Math\.random|setTimeout|setInterval|performance|\.timeout\(|systemClock|randomBytes|randomUUID/;

/** Without comments and types, so that only what runs counts. */
const codeOf = (file: string) =>
	ts.transpileModule(readFileSync(join(ROOT, file), 'utf8'), {
		compilerOptions: { target: ts.ScriptTarget.ES2022, removeComments: true },
	}).outputText;

test('shared rules run on whatever clock and chance they are given', () => {
	const files = ROOMS.flatMap((room) =>
		readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' }).map(
			(name) => `${room}/${name}`,
		),
	).filter((name) => name.endsWith('.ts'));
	expect(files.filter((file) => TIES.test(codeOf(file))).sort()).toEqual(TIED);
});
