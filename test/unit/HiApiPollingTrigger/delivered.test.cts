import { Delivered } from '../../../nodes/HiApiPollingTrigger/delivered';

test('knows a task once n8n has stored the place that came with it, for each trigger by itself', () => {
	const delivered = new Delivered();
	delivered.handOver('w', 'r1', ['a']);
	expect(delivered.has('w', 'a')).toBe(false);
	delivered.confirm('w', 'r0');
	expect(delivered.has('w', 'a')).toBe(false);
	delivered.confirm('w', 'r1');
	expect(delivered.has('w', 'a')).toBe(true);
	expect(delivered.has('other', 'a')).toBe(false);
});

test('forgets the oldest of very many', () => {
	const delivered = new Delivered();
	const many = Array.from({ length: 5_000 }, (_, index) => `t${index}`);
	for (const [revision, taskIds] of [
		['r1', ['first']],
		['r2', many],
	] as Array<[string, string[]]>) {
		delivered.handOver('w', revision, taskIds);
		delivered.confirm('w', revision);
	}
	expect(delivered.has('w', 'first')).toBe(false);
	expect([many[0], many[4_999]].map((taskId) => delivered.has('w', taskId))).toEqual([true, true]);
});
