import { spawn, type ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { startSimulator } from '../../simulator/index.cts';
import { createdId, fetchRaw, sleep, startReceiver, until } from './support/http.cts';

const ROOT = join(__dirname, '..', '..');

interface Run {
	child: ChildProcess;
	output: () => string;
	errors: () => string;
	ended: Promise<number | null>;
}

function run(...flags: string[]): Run {
	const child = spawn(process.execPath, ['--require', 'tsx/cjs', 'simulator/main.cts', ...flags], {
		cwd: ROOT,
	});
	let output = '';
	let errors = '';
	child.stdout.on('data', (chunk) => (output += chunk));
	child.stderr.on('data', (chunk) => (errors += chunk));
	const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
	return { child, output: () => output, errors: () => errors, ended };
}

describe('npm run simulator', () => {
	it.each(['SIGINT', 'SIGTERM'] as const)(
		'says when it is ready what to put into a credential, serves, and ends cleanly on %s',
		async (signal) => {
			const { child, output, errors, ended } = run(
				'--port',
				'0',
				'--api-key',
				'sk-mine',
				'--webhook-secret',
				'secret-secret-secret',
				'--task-seconds',
				'0',
			);
			try {
				await until(() => output().endsWith('money here.\n'), `ready lines, got ${errors()}`);
				expect(output()).toMatch(
					/^HiAPI simulator ready: http:\/\/127\.0\.0\.1:\d+\/v1 {2}API key: sk-mine {2}webhook secret: secret-secret-secret\n/,
				);
				expect(output()).toMatch(/Model Catalogue URL is http:\/\/127\.0\.0\.1:\d+\. /);
				const baseUrl = /http:\S+/.exec(output())![0];
				const headers = { authorization: 'Bearer sk-mine', 'content-type': 'application/json' };
				const created = await fetchRaw(`${baseUrl}/tasks`, 'POST', {
					headers,
					body: { model: 'm', input: { prompt: 'p' } },
				});
				const task = (
					await fetchRaw(`${baseUrl}/tasks/${created.json.data.taskId}`, 'GET', { headers })
				).json.data;
				expect(task.status).toBe('success');
				expect((await fetchRaw(task.output[0].url)).headers['content-type']).toBe('image/png');
				// A connection someone keeps open must not keep it alive.
				const socket = connect(Number(new URL(baseUrl).port), '127.0.0.1');
				socket.on('error', () => undefined);
				await new Promise((resolve) => socket.once('connect', resolve));
				child.kill(signal);
				expect(await ended).toBe(0);
				expect(errors()).toBe('');
				socket.destroy();
			} finally {
				child.kill('SIGKILL');
			}
		},
	);

	it('explains itself and refuses what it does not understand', async () => {
		const help = run('--help');
		expect(await help.ended).toBe(0);
		for (const flag of [
			'--port',
			'--api-key',
			'--webhook-secret',
			'--task-seconds',
			'--time-scale',
		])
			expect(help.output()).toContain(flag);
		for (const flags of [
			['--time-scale', '0'],
			['--port', 'x'],
			['--port', '70000'],
			['--task-seconds', '-1'],
			['--nonsense'],
		]) {
			const refused = run(...flags);
			expect(await refused.ended).toBe(1);
			expect(refused.output()).toBe('');
			expect(refused.errors()).not.toContain('    at ');
		}
	}, 30_000);
});

describe('in process', () => {
	it('says when the port is taken', async () => {
		const first = await startSimulator();
		try {
			await expect(startSimulator({ port: Number(new URL(first.origin).port) })).rejects.toThrow(
				/EADDRINUSE/,
			);
		} finally {
			await first.close();
		}
	});

	it('takes two real seconds per task unless told otherwise, whatever the time scale', async () => {
		const simulator = await startSimulator({ timeScale: 50 });
		try {
			await createdId(simulator);
			expect(simulator.tasks[0].endsAt - simulator.tasks[0].createdAt).toBe(100_000);
		} finally {
			await simulator.close();
		}
	});

	it('closes at once with silent requests, slow files and callbacks under way', async () => {
		const simulator = await startSimulator({ taskSeconds: 0 });
		const receiver = await startReceiver(() => 0);
		try {
			simulator.fault({ path: '/v1/tasks', method: 'GET', action: { type: 'noAnswer' } });
			const silent = fetchRaw(`${simulator.baseUrl}/tasks`).catch((error: Error) => error);
			simulator.plan({ outputs: [{ type: 'video', file: { bytesPerSecond: 100 } }] });
			const taskId = await createdId(simulator, {
				model: 'm',
				input: {},
				callback: { url: receiver.url },
			});
			const slow = fetchRaw(`${simulator.origin}/files/tasks/${taskId}/0.mp4`).catch(
				(error: Error) => error,
			);
			await until(() => receiver.received.length === 1, 'callback');
			await sleep(50);
			const start = Date.now();
			await simulator.close();
			expect(Date.now() - start).toBeLessThan(20_000);
			expect(await silent).toHaveProperty('message', expect.stringMatching(/hang up|ECONNRESET/));
			expect(await slow).toHaveProperty('message', expect.stringMatching(/aborted|ECONNRESET/));
		} finally {
			await receiver.close();
		}
	});
});
