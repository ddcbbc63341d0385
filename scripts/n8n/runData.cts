// its CommonJS build has no type declarations of its own
const { parse } = require('flatted') as { parse: (text: string) => unknown };

/** One file of an item; `data` holds its bytes in base64 unless there is an `id` to fetch them by. */
export interface Binary {
	fileName?: string;
	fileExtension?: string;
	mimeType: string;
	fileSize?: string;
	id?: string;
	data: string;
}

/** One item of a node's output. */
export interface Item {
	json: Record<string, unknown>;
	binary?: Record<string, Binary>;
	error?: unknown;
	pairedItem?: unknown;
}

/** One run of a node. */
export interface NodeRun {
	executionStatus?: string;
	error?: {
		message: string;
		description?: string | null;
		name?: string;
		[property: string]: unknown;
	};
	data?: { [connection: string]: Array<Item[] | null> };
	hints?: Array<{ message: string }>;
}

/** What an execution has produced. */
export interface RunData {
	resultData: {
		runData: Record<string, NodeRun[]>;
		error?: { message: string; description?: string | null; node?: { name: string } };
		lastNodeExecuted?: string;
	};
}

/** Reads run data as n8n's REST interface sends it: as "flatted" JSON text. An execution without data yet gives an empty one. */
export function readRunData(data: unknown): RunData {
	const parsed =
		typeof data === 'string'
			? (parse(data) as Partial<RunData>)
			: (data as Partial<RunData> | undefined);
	return { ...parsed, resultData: { runData: {}, ...parsed?.resultData } };
}

/** The items a node put out on one of its outputs, in its first or another run; empty when it put out none. */
export function itemsOf(
	data: RunData,
	node: string,
	output = 0,
	run = 0,
	connection = 'main',
): Item[] {
	return data.resultData.runData[node]?.[run]?.data?.[connection]?.[output] ?? [];
}
