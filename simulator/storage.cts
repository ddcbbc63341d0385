import type { Core, Exchange } from './core.cts';
import { availableBalance } from './createChecks.cts';
import { extensionOf, filesExpireAt, fileUrl, plannedOutputs } from './outputs.cts';
import { errorReply, successReply, type Reply } from './reply.cts';
import type { SimulatedTask } from './tasks.cts';
import { asReader } from './taskEndpoints.cts';

/** The first id in docs.hiapi.ai/storage/promote's example is 90215; ours start there too. */
const FIRST_ID = 90215;
const MOST_IDS_PER_CALL = 50;

interface StoredOutput {
	id: string;
	task: SimulatedTask;
	index: number;
	deleted: boolean;
	/** Simulated Unix milliseconds at which it is persistent; undefined = never asked. */
	persistentFrom?: number;
}

/** The files an account has stored. Ids come from here, not from the task (docs.hiapi.ai/storage/promote). */
export class StoredOutputs {
	private readonly byId = new Map<string, StoredOutput>();
	private readonly byTask = new Map<string, StoredOutput[]>();
	private nextId = FIRST_ID;

	constructor(private readonly core: Core) {}

	/** Gives a task's outputs their ids; once more after its outputs were planned anew. */
	register(task: SimulatedTask): void {
		const records = plannedOutputs(task).map((_, index) => ({
			id: String(this.nextId++),
			task,
			index,
			deleted: false,
			persistentFrom: task.storageTier === 'persistent' ? 0 : undefined,
		}));
		for (const former of this.byTask.get(task.taskId) ?? []) this.byId.delete(former.id);
		for (const record of records) this.byId.set(record.id, record);
		this.byTask.set(task.taskId, records);
	}

	get(id: string): StoredOutput | undefined {
		return this.byId.get(id);
	}

	/** What the account has, newest first: outputs of tasks that succeeded and were not deleted. */
	listed(account: string): StoredOutput[] {
		return [...this.byId.values()]
			.filter(
				({ task, deleted }) =>
					!deleted && task.account === account && task.terminal && task.outcome === 'success',
			)
			.reverse();
	}

	isPersistent(task: SimulatedTask, index: number): boolean {
		const from = this.byTask.get(task.taskId)?.[index]?.persistentFrom;
		return from !== undefined && this.core.clock.now() >= from;
	}

	isDeleted(task: SimulatedTask, index: number): boolean {
		return this.byTask.get(task.taskId)?.[index]?.deleted ?? false;
	}

	/** The tier a task shows: persistent once all its outputs are. */
	tierOf(task: SimulatedTask): 'temp' | 'persistent' {
		const records = this.byTask.get(task.taskId) ?? [];
		if (records.length === 0) return task.storageTier;
		return records.every(({ index }) => this.isPersistent(task, index)) ? 'persistent' : 'temp';
	}

	clear(): void {
		this.byId.clear();
		this.byTask.clear();
	}
}

function itemOf(core: Core, { id, task, index }: StoredOutput): Record<string, unknown> {
	const type = plannedOutputs(task)[index]?.type ?? task.category;
	const persistent = core.storedOutputs.isPersistent(task, index);
	return {
		id,
		storage_tier: persistent ? 'persistent' : 'temp',
		taskId: task.taskId,
		model: task.shownModel,
		type,
		url: fileUrl(core, task, index, type),
		file_name: `${index}.${extensionOf(type)}`,
		created: Math.floor(task.endsAt / 1000),
		...(persistent ? {} : { expireAt: Math.floor(filesExpireAt(core, task) / 1000) }),
	};
}

/** `GET /v1/storages`. Known: `id` and `storage_tier`; everything else here is a guess, paging included. */
export async function listStorages(core: Core, exchange: Exchange): Promise<Reply> {
	return await asReader(core, exchange, (account) => {
		const { query } = exchange.request;
		const number = (text: string | undefined, fallback: number, most: number) =>
			/^\d+$/.test(text ?? '') && Number(text) >= 1 && Number(text) <= most
				? Number(text)
				: fallback;
		const page = number(query.page, 1, Number.MAX_SAFE_INTEGER);
		const size = number(query.size, 10, 100);
		const all = core.storedOutputs.listed(account);
		const items = all.slice((page - 1) * size, page * size).map((record) => itemOf(core, record));
		const { storageListKey } = core.switches;
		// An empty key stands for a bare array.
		return successReply(
			storageListKey === '' ? items : { page, size, total: all.length, [storageListKey]: items },
		);
	});
}

function idsOf(rawBody: Buffer): string[] | undefined {
	try {
		const ids: unknown = JSON.parse(rawBody.toString('utf8'));
		const fits = Array.isArray(ids) && ids.length >= 1 && ids.length <= MOST_IDS_PER_CALL;
		return fits && ids.every((id) => typeof id === 'string') ? ids : undefined;
	} catch {
		return undefined;
	}
}

async function forEachId(
	core: Core,
	exchange: Exchange,
	rejection: (record: StoredOutput, account: string) => string | undefined,
	accept: (record: StoredOutput) => void,
): Promise<Reply> {
	return await asReader(core, exchange, (account) => {
		const ids = idsOf(exchange.request.rawBody);
		if (!ids)
			return errorReply(
				400,
				`body must be an array of 1 to ${MOST_IDS_PER_CALL} ids`,
				'INVALID_REQUEST',
			);
		const accepted: string[] = [];
		const rejected: Array<{ id: string; reason: string }> = [];
		for (const id of ids) {
			const record = core.storedOutputs.get(id);
			const reason =
				!record || record.task.account !== account ? 'not_owned' : rejection(record, account);
			if (reason !== undefined) {
				rejected.push({ id, reason });
				continue;
			}
			accept(record!);
			accepted.push(id);
		}
		return successReply({ accepted, rejected });
	});
}

/** `POST /v1/storages/promote` (docs.hiapi.ai/storage/promote): asynchronous, id by id, six reasons to refuse. */
export async function promoteStorages(core: Core, exchange: Exchange): Promise<Reply> {
	const now = core.clock.now();
	return await forEachId(
		core,
		exchange,
		(record, account) => {
			const available = availableBalance(core, account);
			if (available !== undefined && available <= 0) return 'insufficient';
			if (record.deleted) return 'already_deleted';
			if (!record.task.terminal || record.task.outcome === 'fail') return 'not_promotable';
			if (record.persistentFrom !== undefined)
				return now >= record.persistentFrom ? 'not_promotable' : 'storage_op_pending';
			return core.switches.storageCapExceeded ? 'cap_exceeded' : undefined;
		},
		(record) => {
			record.persistentFrom = now + core.switches.storagePromoteSeconds * 1000;
		},
	);
}

/** `POST /v1/storages/delete`: exists (hiapi-seedance-2-0-video-skill); body and answer are guessed to be like promote's. */
export async function deleteStorages(core: Core, exchange: Exchange): Promise<Reply> {
	const now = core.clock.now();
	return await forEachId(
		core,
		exchange,
		(record) => {
			if (record.deleted) return 'already_deleted';
			if (!record.task.terminal) return 'not_promotable';
			return record.persistentFrom !== undefined && now < record.persistentFrom
				? 'storage_op_pending'
				: undefined;
		},
		(record) => {
			record.deleted = true;
		},
	);
}
