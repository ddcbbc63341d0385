import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(__dirname, '../../..');

// proper-lockfile watches signals from the start, execa from its first child process on.
const PROGRAM = `
	require('./scripts/n8n/lock.cts');
	const { onInterruption } = require('./scripts/n8n/interruption.cts');
	const { run } = require('./scripts/n8n/npm.cts');
	onInterruption(() => {
		console.log('cleaning up');
		setTimeout(() => { console.log('cleaned up'); process.exit(3); }, Number(process.argv[1]));
	});
	run(process.execPath, ['-e', ''], process.cwd()).then(() => console.log('ready'));
	setInterval(() => undefined, 1000);
`;

/** Sends the signals at once when it is ready, and SIGTERM so many milliseconds after it has begun to clean up. */
async function interrupt(
	signals: NodeJS.Signals[],
	{ cleaningUpMs, againAfterMs }: { cleaningUpMs: number; againAfterMs?: number },
) {
	const child = spawn(
		process.execPath,
		['--require', 'tsx/cjs', '-e', PROGRAM, String(cleaningUpMs)],
		{ cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
	);
	let output = '';
	child.stdout.on('data', (data: Buffer) => {
		output += data.toString();
		if (/^ready/.test(data.toString())) for (const signal of signals) child.kill(signal);
		if (/cleaning up/.test(data.toString()) && againAfterMs !== undefined)
			void sleep(againAfterMs).then(() => child.kill('SIGTERM'));
	});
	const [code] = (await once(child, 'close')) as [number | null];
	return { code, output: output.trim().split('\n') };
}

const CLEANED_UP = { code: 3, output: ['ready', 'cleaning up', 'cleaned up'] };

test('what is interrupted cleans up to the end, although proper-lockfile and execa watch signals', async () => {
	expect(await interrupt(['SIGTERM'], { cleaningUpMs: 100 })).toEqual(CLEANED_UP);
});

test('one Ctrl-C that arrives twice, from the terminal and from npm, is one', async () => {
	expect(await interrupt(['SIGINT', 'SIGTERM'], { cleaningUpMs: 100 })).toEqual(CLEANED_UP);
});

test('a second one ends it at once', async () => {
	expect(await interrupt(['SIGTERM'], { cleaningUpMs: 60_000, againAfterMs: 600 })).toEqual({
		code: 130,
		output: ['ready', 'cleaning up'],
	});
});
