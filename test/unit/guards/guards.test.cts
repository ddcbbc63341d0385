import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { declaredTests, type DeclaredTest } from '../../guards/declaredTests.cts';
import { isNamed, lostTest } from '../../guards/findTests.cts';
import { readGuards, showTest } from '../../guards/guardList.cts';

// test/guards/guards.json lists what must stay true and the tests that fail when it is not. Whoever renames one of them
// renames it there; whoever drops one names the test that takes its place.
const TESTS = join(__dirname, '..', '..');
const MATRIX = 'engine/faultMatrix';

const guards = readGuards();
const read = new Map<string, DeclaredTest[]>();

function testsOf(file: string): DeclaredTest[] {
	const path = join(TESTS, file);
	if (!existsSync(path)) return [];
	const found =
		read.get(file) ??
		declaredTests(
			path,
			readFileSync(path, 'utf8'),
			(module) => require(module) as Record<string, unknown>,
		);
	read.set(file, found);
	return found;
}

test('each guarded fact names a test that is there and is not skipped', () => {
	const lost = guards.flatMap(({ guarded, tests }) =>
		tests.flatMap((named) => {
			const reason = lostTest(named, testsOf(named.file));
			return reason === undefined ? [] : [`${guarded}\n  ${showTest(named)}: ${reason}`];
		}),
	);
	expect(lost).toEqual([]);
});

test('each guarded fact stands there once, with at least one test', () => {
	const sentences = guards.map(({ guarded }) => guarded);
	expect(sentences.filter((sentence, index) => sentences.indexOf(sentence) !== index)).toEqual([]);
	expect(guards.filter(({ tests }) => tests.length === 0)).toEqual([]);
});

test('each test of the fault matrix is in the list: a new fault or way of running is guarded, too', () => {
	const named = guards.flatMap(({ tests }) => tests);
	const missing = readdirSync(join(TESTS, MATRIX)).flatMap((name) => {
		const file = `${MATRIX}/${name}`;
		return testsOf(file)
			.filter(
				({ levels }) => !named.some((one) => one.file === file && isNamed(one.levels, levels)),
			)
			.map(({ levels }) => showTest({ file, levels: levels.map(({ title }) => title) }));
	});
	expect(missing).toEqual([]);
});
