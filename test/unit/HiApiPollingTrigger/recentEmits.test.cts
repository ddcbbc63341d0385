import { RecentEmits } from '../../../nodes/HiApiPollingTrigger/recentEmits';

describe('the places tasks were emitted from', () => {
	test('every one of the last minute is known, of each trigger by itself', () => {
		const emits = new RecentEmits();
		emits.add('w', { from: 'first', to: 'r1', taskIds: [] }, 0);
		emits.add('w', { from: 'second', to: 'r2', taskIds: [] }, 30_000);
		const known = (nowMs: number) =>
			['first', 'second'].map((revision) => emits.hasEmittedFrom('w', revision, nowMs));
		expect(emits.hasEmittedFrom('w', 'third', 30_000)).toBe(false);
		expect(emits.hasEmittedFrom('other', 'first', 30_000)).toBe(false);
		expect(known(59_999)).toEqual([true, true]);
		expect(known(60_000)).toEqual([false, true]);
		expect(known(90_000)).toEqual([false, false]);
	});

	test('the minute counts anew when tasks go out from the same place once more', () => {
		const emits = new RecentEmits();
		emits.add('w', { from: 'first', to: 'r1', taskIds: [] }, 0);
		emits.add('w', { from: 'first', to: 'r2', taskIds: [] }, 60_000);
		expect(emits.hasEmittedFrom('w', 'first', 100_000)).toBe(true);
	});
});

describe('the tasks that were emitted', () => {
	test('one is known once n8n has stored the place that came with it, for each trigger by itself', () => {
		const emits = new RecentEmits();
		emits.add('w', { from: 'r0', to: 'r1', taskIds: ['a'] }, 0);
		expect(emits.has('w', 'a')).toBe(false);
		emits.confirm('w', 'r0');
		expect(emits.has('w', 'a')).toBe(false);
		emits.confirm('w', 'r1');
		expect(emits.has('w', 'a')).toBe(true);
		expect(emits.has('other', 'a')).toBe(false);
	});

	test('of very many the oldest are forgotten', () => {
		const emits = new RecentEmits();
		const many = Array.from({ length: 5_000 }, (_, index) => `t${index}`);
		for (const [to, taskIds] of [
			['r1', ['first']],
			['r2', many],
		] as Array<[string, string[]]>) {
			emits.add('w', { from: '', to, taskIds }, 0);
			emits.confirm('w', to);
		}
		expect(emits.has('w', 'first')).toBe(false);
		expect([many[0], many[4_999]].map((taskId) => emits.has('w', taskId))).toEqual([true, true]);
	});
});
