// JSON.parse rounds numbers above 2^53, and every digit of a task id counts. An unescaped quote is never inside a string.
const NUMERIC_TASK_ID = /(?<!\\)("task(?:Id|_id)"\s*:\s*)(-?\d+)(?=\s*[,}])/g;

/**
 * The value of a JSON text of HiAPI, with or without byte order mark; undefined when it is not JSON. A task id that was
 * sent as a whole number comes as the text of its digits.
 */
export function parseHiApiJson(text: string): unknown {
	try {
		return JSON.parse(text.replace(/^\uFEFF/, '').replace(NUMERIC_TASK_ID, '$1"$2"')) as unknown;
	} catch {
		return undefined;
	}
}
