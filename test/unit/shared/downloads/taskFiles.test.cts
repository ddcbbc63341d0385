import { fakeFiles, NOW, taskOf } from './fakeFiles.cts';

test('a lagging link is waited for, one by one', async () => {
	const { run, asked } = fakeFiles({ a: [404, 404, 200], b: [404, 200] });
	const { binary, failures, fields } = await run(taskOf(['a', 'b']));
	expect(Object.keys(binary)).toEqual(['data', 'data_1']);
	expect([...fields]).toEqual([
		[0, 'data'],
		[1, 'data_1'],
	]);
	expect(failures).toEqual([]);
	expect(asked).toEqual(['a', 'a', 'a', 'b', 'b']);
});

test('when one has been waited for in vain, the others are asked for once: a dead server must not hold up the run', async () => {
	const { run, asked, timing } = fakeFiles({ a: [503], b: [503], c: [200] });
	const { binary, failures } = await run(taskOf(['a', 'b', 'c']));
	expect(asked).toEqual(['a', 'a', 'a', 'a', 'a', 'b', 'c']);
	expect(Object.keys(binary)).toEqual(['data_2']);
	expect(failures.map(({ url }) => url)).toEqual([
		'https://cdn.hiapi.ai/a',
		'https://cdn.hiapi.ai/b',
	]);
	expect(timing.now() - NOW).toBeLessThan(30_000);
});

test('a file that is simply gone says nothing about the others', async () => {
	const { run, asked } = fakeFiles({ a: [404], b: [503, 200] });
	const { binary } = await run(taskOf(['a', 'b'], NOW / 1000 - 3600));
	expect(asked).toEqual(['a', 'b', 'b']);
	expect(Object.keys(binary)).toEqual(['data_1']);
});

test('the count limit leaves the rest where it is, unasked', async () => {
	const { run, asked } = fakeFiles({ a: [200], b: [200], c: [200] });
	expect(await run(taskOf(['a', 'b', 'c']), 2)).toMatchObject({ leftOut: 1, failures: [] });
	expect(asked).toEqual(['a', 'b']);
});

test('a task without files', async () => {
	const { run, asked } = fakeFiles({});
	expect(await run(taskOf([]))).toEqual({
		binary: {},
		fields: new Map(),
		failures: [],
		leftOut: 0,
	});
	expect(asked).toEqual([]);
});
