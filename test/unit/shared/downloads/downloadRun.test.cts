import { simplifyTask, type Task } from '../../../../nodes/shared/api/task';
import { DownloadRun } from '../../../../nodes/shared/downloads/downloadRun';
import { fakeFiles, NOW, taskOf } from './fakeFiles.cts';

const SETTINGS = { types: ['all'], field: 'data', maximumBytes: Infinity, maximumFiles: Infinity };
/** Finished long ago: what is missing now will not appear any more. */
const oldTask = (names: string[]) => taskOf(names, NOW / 1000 - 3_600);

function start(statuses: Record<string, number[]>) {
	const fake = fakeFiles(statuses);
	const run = new DownloadRun(fake.context, fake.timing, false);
	const attach = async (task: Task, settings: Partial<typeof SETTINGS> = {}) =>
		await run.attach(task, simplifyTask(task), { ...SETTINGS, ...settings });
	return { ...fake, run, attach };
}

test('the item gets the files, and each simplified output the field it is in', async () => {
	const { run, attach, hints, warnings } = start({ a: [200], b: [200] });
	const { json, binary, failures } = await attach(oldTask(['a', 'b']));
	run.close();
	expect(Object.keys(binary!)).toEqual(['data', 'data_1']);
	expect(json.outputs).toMatchObject([{ binaryField: 'data' }, { binaryField: 'data_1' }]);
	expect(json).not.toHaveProperty('downloadFailures');
	expect([failures, hints, warnings]).toEqual([[], [], []]);
});

test('a file that did not arrive: the item keeps its links and says so, without a field n8n takes for a failed node', async () => {
	const { run, attach, hints, warnings } = start({ a: [404], b: [200] });
	const { json, binary, failures } = await attach(oldTask(['a', 'b']));
	run.close();
	expect(Object.keys(binary!)).toEqual(['data_1']);
	expect(json).not.toHaveProperty('error');
	expect(json.downloadFailures).toEqual(failures);
	expect(json.outputs).toMatchObject([
		expect.not.objectContaining({ binaryField: expect.anything() as unknown }),
		{ binaryField: 'data_1' },
	]);
	expect(warnings).toEqual([
		expect.stringMatching(/^HiAPI task tk-1: a file was not downloaded: /),
	]);
	expect(hints).toEqual([
		{
			message: expect.stringMatching(/^A file was not downloaded: /) as string,
			type: 'warning',
			location: 'outputPane',
		},
	]);
});

test('the hints count what did not arrive and what was left out, over all items', async () => {
	const { run, attach, hints } = start({ a: [404], b: [404], c: [200] });
	const { binary } = await attach(oldTask(['a', 'c']), { maximumFiles: 1 });
	expect(binary).toBeUndefined();
	await attach(oldTask(['b', 'c', 'c']), { maximumFiles: 1 });
	run.close();
	expect(hints.map(({ message }) => message)).toEqual([
		expect.stringMatching(/^2 files were not downloaded: /),
		"3 files were left out because of 'Maximum Files'.",
	]);
});

test("one file is left out; HiAPI's own form of the task stays as it came", async () => {
	const { run, hints } = start({ a: [200], b: [200] });
	const task = oldTask(['a', 'b']);
	const { json, binary } = await run.attach(task, task.source, { ...SETTINGS, maximumFiles: 1 });
	run.close();
	expect(Object.keys(binary!)).toEqual(['data']);
	expect(json).toEqual(task.source);
	expect(hints).toEqual([
		{
			message: "A file was left out because of 'Maximum Files'.",
			type: 'info',
			location: 'outputPane',
		},
	]);
});

test('four tasks at a time', async () => {
	const { attach, context, asked } = start(
		Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, [200]])),
	);
	let release!: () => void;
	const gate = new Promise<void>((resolve) => {
		release = resolve;
	});
	const { prepareBinaryData } = context.helpers;
	context.helpers.prepareBinaryData = (async (
		...parameters: Parameters<typeof prepareBinaryData>
	) => {
		await gate;
		return await prepareBinaryData(...parameters);
	}) as typeof prepareBinaryData;
	const all = ['a', 'b', 'c', 'd', 'e'].map(async (name) => await attach(oldTask([name])));
	for (let turns = 0; turns < 50; turns += 1) await new Promise((resolve) => setImmediate(resolve));
	expect(asked).toEqual(['a', 'b', 'c', 'd']);
	release();
	expect((await Promise.all(all)).every(({ failures }) => failures.length === 0)).toBe(true);
	expect(asked).toHaveLength(5);
});
