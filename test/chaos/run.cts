import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { INTERRUPTED, onInterruption } from '../../scripts/n8n/interruption.cts';
import { PROJECT } from '../e2e/support/host/build.cts';
import { readBooks } from './books.cts';
import { Customers } from './customers.cts';
import { balance, type Books } from './ledger.cts';
import { printed, type Outcome } from './report.cts';
import { makeSchedule, PROCESSES, type ChaosEvent } from './schedule.cts';
import { Stage } from './stage.cts';
import { ExecutionWatcher } from './watcher.cts';

const HELP = `n8n in queue mode and a local HiAPI, with everything going wrong; afterwards the books are balanced.

  npm run test:chaos -- [flags]

  --minutes <number>  how long (default: 3); starting and settling come on top
  --seed <number>     repeats the schedule of faults (default: a random one)
  --json <file>       writes the ledger there
  --help              this text

Ends with code 1 when the books are not balanced. Logs and books are in test-output/chaos-SEED/.
`;

const started = Date.now();
const tell = (line: string) =>
	process.stderr.write(`${((Date.now() - started) / 1000).toFixed(0).padStart(5)} s  ${line}\n`);

/** Lets one thing happen. Nothing that takes time is waited for. */
function happen(event: ChaosEvent, stage: Stage, customers: Customers, timers: NodeJS.Timeout[]) {
	const later = (seconds: number, work: () => void) =>
		timers.push(setTimeout(work, seconds * 1000));
	// what the simulator is told while it is down is lost, as a fault that nobody met
	const control = (method: string, path: string, body?: unknown) =>
		void stage.simulator.control(method, path, body).catch(() => undefined);
	switch (event.type) {
		case 'kill':
			tell(`kill -9: ${event.processes.join(', ')}`);
			for (const name of event.processes) void stage.processes[name].kill(event.downSeconds);
			return;
		case 'hiApiFault':
			for (const rule of event.rules) control('POST', '/faults', rule);
			return;
		case 'hiApiSwitches':
			tell(`HiAPI: ${JSON.stringify(event.switches)} for ${event.seconds} s`);
			control('PATCH', '/switches', event.switches);
			later(event.seconds, () => void calm(stage).catch(() => undefined));
			return;
		case 'diskFull':
			if (stage.disk === undefined) return;
			tell(`the disk for files is full for ${event.seconds} s`);
			stage.disk.fill();
			later(event.seconds, () => stage.disk?.clear());
			return;
		case 'clockJump':
			tell(
				`the clock of ${event.processes.join(', ')} jumps by ${event.jumpSeconds} s for ${event.seconds} s`,
			);
			stage.shiftClock(event.jumpSeconds, event.processes);
			later(event.seconds, () => stage.shiftClock(0, event.processes));
			return;
		case 'orders':
			customers.order(event.orders);
	}
}

/** Puts all switches of the simulator back. */
async function calm(stage: Stage): Promise<void> {
	await stage.simulator.control('PATCH', '/switches', stage.calmSwitches);
}

async function play(schedule: ChaosEvent[], stage: Stage, customers: Customers): Promise<void> {
	const timers: NodeJS.Timeout[] = [];
	const begin = Date.now();
	for (const event of schedule) {
		await sleep(Math.max(0, begin + event.at * 1000 - Date.now()));
		happen(event, stage, customers, timers);
	}
	for (const timer of timers) clearTimeout(timer);
	tell('no more faults');
	stage.disk?.clear();
	stage.shiftClock(0);
	await stage.untilUp();
	await stage.simulator.untilControl('DELETE', '/faults');
	await calm(stage);
}

async function run(
	seed: number,
	minutes: number,
): Promise<{ outcome: Outcome; books: Books; log: string }> {
	const schedule = makeSchedule(seed, minutes);
	const stage = new Stage(tell);
	// the processes end with this one in any case, a mounted disk does not
	onInterruption(() => {
		tell('ending');
		void stage
			.close()
			.catch((error: Error) => tell(error.message))
			.finally(() => process.exit(INTERRUPTED));
	});
	try {
		await stage.open();
		tell('everything is up');
		const customers = new Customers(stage, tell);
		const watcher = new ExecutionWatcher(stage.database);
		await play(schedule, stage, customers);
		await customers.publishPausedTrigger();
		await customers.untilSent();
		await customers.untilQuiet();
		await customers.comeBack();
		await customers.untilPolled();
		await customers.untilQuiet();
		await watcher.close();
		const books = await readBooks(stage, customers.orders, watcher.begun);
		const events: Record<string, number> = {};
		for (const { type } of schedule) events[type] = (events[type] ?? 0) + 1;
		const processes = Object.fromEntries(
			PROCESSES.map((name) => [name, stage.processes[name].counts]),
		) as Outcome['processes'];
		const { missing } = stage;
		const outcome = { seed, minutes, events, processes, missing, ledger: balance(books) };
		return { outcome, books, log: books.log };
	} catch (error) {
		keep(seed, { 'logs.txt': stage.log() });
		throw error;
	} finally {
		await stage.close();
	}
}

/** Leaves something to look into. */
function keep(seed: number, files: Record<string, string>): void {
	const folder = join(PROJECT, 'test-output', `chaos-${seed}`);
	mkdirSync(folder, { recursive: true });
	for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
	tell(`kept in ${folder}`);
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			minutes: { type: 'string', default: '3' },
			seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
			json: { type: 'string' },
			help: { type: 'boolean' },
		},
	});
	if (values.help) {
		process.stdout.write(HELP);
		return;
	}
	const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
	if (!(minutes > 0)) throw new Error(`--minutes: not a usable number: ${values.minutes}`);
	if (!Number.isInteger(seed)) throw new Error(`--seed: not a whole number: ${values.seed}`);
	tell(`seed ${seed}, ${minutes} minutes`);
	const { outcome, books, log } = await run(seed, minutes);
	process.stdout.write(`${printed(outcome)}\n`);
	if (values.json) writeFileSync(values.json, `${JSON.stringify(outcome, null, '\t')}\n`);
	keep(seed, {
		'logs.txt': log,
		'books.json': JSON.stringify({ ...books, log: undefined }, null, 1),
	});
	if (outcome.ledger.problems.length > 0) process.exitCode = 1;
}

main().catch((error: Error) => {
	process.stderr.write(`${error.stack}\n`);
	process.exitCode = 1;
});
