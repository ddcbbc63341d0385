import { switchesFor, type Core } from './core.cts';
import type { OutputPlan, SimulatedTask } from './tasks.cts';

const EXTENSIONS: Record<string, string> = { video: 'mp4', audio: 'mp3' };

/** The file name extension of an output type; what is neither video nor audio is a picture. */
export function extensionOf(type: string): string {
	return EXTENSIONS[type] ?? 'png';
}

/** The outputs a task has or will have, with their types. */
export function plannedOutputs(task: SimulatedTask): Array<OutputPlan & { type: string }> {
	const { outputs } = task.plan;
	if (Array.isArray(outputs))
		return outputs.map((output) => ({ ...output, type: output.type ?? task.category }));
	const list: Array<OutputPlan & { type: string }> = [];
	for (let index = 0; index < (outputs ?? 1); index += 1) list.push({ type: task.category });
	// docs.hiapi.ai/models/video/seedance-2-0: the field that asks for one more output.
	if (outputs === undefined && task.input.return_last_frame === true)
		list.push({ type: 'last_frame' });
	return list;
}

/** When a task's temporary files are gone: simulated Unix milliseconds, Infinity before the task ended. */
export function filesExpireAt(core: Core, task: SimulatedTask): number {
	return task.endsAt + switchesFor(core, task).outputLifetimeSeconds * 1000;
}

/** The address of one output file. Persistent files lie on another host (docs.hiapi.ai/storage/promote). */
export function fileUrl(core: Core, task: SimulatedTask, index: number, type: string): string {
	const onOther = switchesFor(core, task).filesHost === 'other';
	const persistent = core.storedOutputs.isPersistent(task, index);
	const origin = onOther === persistent ? core.origin : core.otherOrigin;
	return `${origin}/files/tasks/${task.taskId}/${index}.${extensionOf(type)}`;
}

function expiry(core: Core, task: SimulatedTask, index: number): { expireAt?: unknown } {
	const { expireAtFormat, persistentExpireAt } = switchesFor(core, task);
	const milliseconds = filesExpireAt(core, task);
	// The example in docs.hiapi.ai/async-api/detail counts from `completed`, a whole second.
	const seconds = Math.floor(task.endsAt / 1000) + Math.round((milliseconds - task.endsAt) / 1000);
	if (core.storedOutputs.isPersistent(task, index)) {
		if (persistentExpireAt === 'missing') return {};
		if (persistentExpireAt === 'null') return { expireAt: null };
		if (persistentExpireAt === 'zero') return { expireAt: 0 };
		return { expireAt: seconds };
	}
	if (expireAtFormat === 'missing') return {};
	if (expireAtFormat === 'zero') return { expireAt: 0 };
	if (expireAtFormat === 'milliseconds') return { expireAt: seconds * 1000 };
	if (expireAtFormat === 'iso') return { expireAt: new Date(seconds * 1000).toISOString() };
	return { expireAt: seconds };
}

/** `output` of a task that succeeded: `{url, type, expireAt}` each. */
export function outputItems(core: Core, task: SimulatedTask): unknown[] {
	return plannedOutputs(task).map((output, index) => {
		if ('raw' in output) return output.raw;
		const item = {
			url: output.url === undefined ? fileUrl(core, task, index, output.type) : output.url,
			type: output.type,
		};
		if ('expireAt' in output) return { ...item, expireAt: output.expireAt };
		return { ...item, ...expiry(core, task, index) };
	});
}
