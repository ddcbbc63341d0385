import { nextStages, type StageState } from '../../../../scripts/stages/schedule.cts';
import { allStages, chooseStages, type Stage } from '../../../../scripts/stages/stages.cts';

const stage = (name: string, after: string[] = [], cores = 1): Stage => ({
	name,
	command: [],
	after,
	cores,
});
const names = (stages: Stage[]) => stages.map(({ name }) => name);
const next = (stages: Stage[], states: Record<string, StageState>, cores = 2) => {
	const { start, skip } = nextStages(stages, new Map(Object.entries(states)), cores);
	return { start: names(start), skip: names(skip) };
};

describe('what starts next', () => {
	const build = stage('build');
	const e2e = stage('e2e', ['build']);

	test('as many as the cores can do, in the order of the list', () => {
		expect(next([build, stage('lint'), stage('types')], {}).start).toEqual(['build', 'lint']);
		expect(next([build, stage('lint'), stage('types', [], 0.5)], {}).start).toEqual([
			'build',
			'lint',
			'types',
		]);
	});

	test('one always runs, however small the machine', () => {
		expect(next([stage('unit', [], 8), build], {}, 1).start).toEqual(['unit']);
		expect(next([stage('unit', [], 8), build], { build: 'running' }, 1).start).toEqual([]);
	});

	test('a stage waits for what it needs, and for that alone', () => {
		expect(next([e2e, build], { build: 'running' }).start).toEqual([]);
		expect(next([e2e, build, stage('lint')], { build: 'passed', lint: 'failed' }).start).toEqual([
			'e2e',
		]);
	});

	test.each(['failed', 'not run'] as const)('nothing starts after what is %s', (state) => {
		expect(next([build, e2e], { build: state })).toEqual({ start: [], skip: ['e2e'] });
	});
});

describe('which stages run', () => {
	const all = allStages({ folder: 'logs', seed: 7 });

	test('what a stage needs stands before it, or the choice would miss it', () => {
		all.forEach(({ after }, index) => {
			for (const name of after) expect(names(all.slice(0, index))).toContain(name);
		});
	});

	test('everything but the check of what would be published, unless asked for', () => {
		expect(names(chooseStages(all, {}))).toEqual(names(all).filter((name) => name !== 'package'));
		expect(chooseStages(all, { package: true })).toEqual(all);
	});

	test('what is guarded is compared with the results of all tests, and not with those of a part', () => {
		const tests = all.filter(({ results }) => results !== undefined);
		const [guards] = chooseStages(all, { names: ['guards'] }).slice(-1);
		expect([...guards.after].sort()).toEqual(names(tests).sort());
		expect(guards.command).toEqual(expect.arrayContaining(tests.map(({ results }) => results)));
		expect(names(allStages({ folder: 'logs', seed: 7, shard: '1/3' }))).not.toContain('guards');
	});

	test('the quick ones need no build', () => {
		expect(names(chooseStages(all, { quick: true })).sort()).toEqual(['lint', 'types', 'unit']);
	});

	test('a named one brings what it needs', () => {
		expect(names(chooseStages(all, { names: ['e2e'] }))).toEqual(['build', 'fetch n8n', 'e2e']);
		expect(() => chooseStages(all, { names: ['unti'] })).toThrow(/"unti".*unit/);
	});

	test('every Jest stage has the seed and writes its results', () => {
		const jest = all.filter(({ command }) => command[0] === 'jest');
		expect(names(jest).sort()).toEqual(['e2e', 'engine', 'simulator', 'unit']);
		for (const { command, results } of jest) {
			expect(command.join(' ')).toContain('--seed 7');
			expect(command).toContain(results);
		}
	});
});
