import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '../../simulator/index.cts';
import { call, fetchRaw, startReceiver, until } from './support/http.cts';

const ROOT = join(__dirname, '..', '..');
const headers = {
	authorization: 'Bearer sk-simulator',
	'content-type': 'application/json',
	'idempotency-key': 'row 1',
};
const body = (url: string, prompt = 'p') => ({
	model: 'any-model',
	input: { prompt },
	callback: { url, when: 'final' },
});

let folder: string;
let journal: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'n8n-nodes-hiapi-journal-'));
	journal = join(folder, 'journal');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function start(...flags: string[]): Promise<{ child: ChildProcess; baseUrl: string }> {
	const child = spawn(
		process.execPath,
		['--require', 'tsx/cjs', 'simulator/main.cts', '--journal', journal, ...flags],
		{ cwd: ROOT },
	);
	let output = '';
	child.stdout.on('data', (chunk) => (output += chunk));
	await until(() => output.includes('\n'), 'ready line');
	return { child, baseUrl: /http:\S+/.exec(output)![0] };
}

describe('with a journal', () => {
	it('keeps tasks, keys and callbacks over a kill -9', async () => {
		const receiver = await startReceiver(() => 200);
		const first = await start('--task-seconds', '3');
		const create = async (prompt?: string) =>
			await fetchRaw(`${first.baseUrl}/tasks`, 'POST', {
				headers,
				body: body(receiver.url, prompt),
			});
		const { taskId } = (await create()).json.data as { taskId: string };
		first.child.kill('SIGKILL');
		await new Promise((resolve) => first.child.once('close', resolve));
		const second = await start('--port', new URL(first.baseUrl).port, '--task-seconds', '100');
		try {
			const again = await create();
			expect(again.json.data.taskId).toBe(taskId);
			expect(again.headers['idempotent-replay']).toBe('true');
			expect((await create('another')).status).toBe(422);
			const status = async () =>
				(await fetchRaw(`${first.baseUrl}/tasks/${taskId}`, 'GET', { headers })).json.data.status;
			await until(() => receiver.received.length === 1, 'callback');
			expect(await status()).toBe('success');
		} finally {
			second.child.kill('SIGKILL');
			await receiver.close();
		}
	}, 30_000);

	it('sends no callback again that was answered, and the next try of one that was not', async () => {
		const receiver = await startReceiver((count) => (count === 1 ? 200 : 500));
		const options = { journal, taskSeconds: 0, switches: { callbackAttempts: [0, 3600] } };
		const first = await startSimulator(options);
		await call(first, 'POST', '/v1/tasks', { body: body(receiver.url, 'answered') });
		await until(() => first.deliveries[0]?.status === 200, 'answered callback');
		await call(first, 'POST', '/v1/tasks', { body: body(receiver.url, 'refused') });
		await until(() => first.deliveries[1]?.status === 500, 'refused callback');
		await first.close();
		const second = await startSimulator(options);
		try {
			expect(second.purchases).toBe(2);
			second.advance(3601);
			await until(() => second.deliveries[0]?.status === 500, 'next try');
			expect(second.deliveries).toMatchObject([{ attempt: 2, taskId: second.tasks[1].taskId }]);
		} finally {
			await second.close();
			await receiver.close();
		}
	});

	it('keeps how a task was ended by hand, forgets what a reset forgot, and reads over a torn line', async () => {
		const first = await startSimulator({ journal });
		const buy = async () =>
			(await call(first, 'POST', '/v1/tasks', { body: body('http://127.0.0.1:1/') })).json.data
				.taskId as string;
		await buy();
		first.reset();
		first.plan({ outcome: 'stuck' });
		const kept = await buy();
		first.finish(kept, { outcome: 'fail', error: 'TASK_TIMEOUT' });
		await first.close();
		appendFileSync(journal, '{"type":"bou');
		const second = await startSimulator({ journal });
		try {
			expect(second.tasks.map(({ taskId, status }) => ({ taskId, status }))).toEqual([
				{ taskId: kept, status: 'fail' },
			]);
		} finally {
			await second.close();
		}
	});
});
