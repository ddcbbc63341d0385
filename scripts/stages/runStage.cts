import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import execa, { type ExecaChildProcess } from 'execa';

import { countsOf, processorSecondsOf, type JestResults, type StageResult } from './results.cts';
import type { Stage } from './stages.cts';

/**
 * Runs a command and writes to file descriptor 3 what the shell knows of the processor time of all processes below it; n8n servers
 * in process groups of their own count as well, as the tests that start them wait for their end.
 */
const MEASURED = '"$@" 3>&-; code=$?; times >&3; exit $code';

export const logOf = (stage: Stage, folder: string) =>
	join(folder, `${stage.name.replaceAll(' ', '-')}.log`);

const running = new Set<ExecaChildProcess>();

/** Ends every stage that still runs, with all its processes. */
export function endAll(signal: NodeJS.Signals): void {
	for (const { pid } of running) {
		try {
			if (pid !== undefined) process.kill(-pid, signal);
		} catch {
			// has just ended
		}
	}
}

/** Runs a stage in `project`; what it prints goes to its log file in `folder`. Never throws for a stage that fails. */
export async function runStage(
	stage: Stage,
	project: string,
	folder: string,
): Promise<StageResult> {
	if (stage.results !== undefined) rmSync(stage.results, { force: true });
	const log = openSync(logOf(stage, folder), 'w');
	const started = Date.now();
	try {
		const child = execa('sh', ['-c', MEASURED, 'sh', ...stage.command], {
			cwd: project,
			preferLocal: true,
			reject: false,
			// a process group of its own, so that all of it can be ended
			detached: true,
			stdio: ['ignore', log, log, 'pipe'],
		});
		running.add(child);
		const times = await textOf(child.stdio?.[3] as NodeJS.ReadableStream);
		const { exitCode } = await child;
		running.delete(child);
		return {
			name: stage.name,
			state: exitCode === 0 ? 'passed' : 'failed',
			tests: testsOf(stage),
			seconds: (Date.now() - started) / 1000,
			processorSeconds: times === '' ? 0 : processorSecondsOf(times),
		};
	} finally {
		closeSync(log);
	}
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
	let text = '';
	for await (const chunk of stream) text += chunk.toString();
	return text;
}

function testsOf({ results }: Stage): StageResult['tests'] {
	if (results === undefined) return undefined;
	try {
		return countsOf(JSON.parse(readFileSync(results, 'utf8')) as JestResults);
	} catch {
		// Jest ended before it could say anything; its log says why
		return { passed: 0, failed: 1, skipped: 0 };
	}
}
