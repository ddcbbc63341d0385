import { join } from 'node:path';

import { readExamples, withCredentials } from '../../../scripts/demo/examples.cts';
import type { Workflow, WorkflowDefinition } from '../../../scripts/n8n/client.cts';
import type { Lab } from './lab.cts';

type Json = Record<string, unknown>;

const EXAMPLES = join(__dirname, '..', '..', '..', 'examples');

/**
 * The shipped file of this name with what a newcomer has to put in: credentials (by type; the lab's for HiAPI) and parameters
 * of nodes (by the node's name). A change to a parameter that the file does not have is an error, so that the file stays
 * what is tested; objects are changed field by field.
 */
export function shippedExample(
	lab: Lab,
	name: string,
	changes: Record<string, Json> = {},
	credentials: Record<string, { id: string; name: string }> = {},
): WorkflowDefinition {
	const example = readExamples(EXAMPLES).find((one) => one.name === name);
	if (example === undefined) throw new Error(`There is no example "${name}".`);
	const workflow = withCredentials(example.workflow, { hiApiApi: lab.credential, ...credentials });
	for (const [nodeName, parameters] of Object.entries(changes)) {
		const node = workflow.nodes.find((one) => one.name === nodeName);
		if (node === undefined) throw new Error(`"${name}" has no node "${nodeName}".`);
		node.parameters = replaced(node.parameters, parameters);
	}
	return workflow;
}

function replaced(values: Json, changes: Json): Json {
	const result = { ...values };
	for (const [name, change] of Object.entries(changes)) {
		if (!(name in values)) throw new Error(`There is no parameter "${name}" to change.`);
		const isObject = (value: unknown): value is Json =>
			typeof value === 'object' && value !== null && !Array.isArray(value);
		result[name] =
			isObject(change) && isObject(values[name]) ? replaced(values[name], change) : change;
	}
	return result;
}

/** Publishes what it is given and takes it back after each test: a schedule that goes on would be seen in the next one. */
export function publisher(lab: Lab): (workflow: Workflow) => Promise<void> {
	const published: string[] = [];
	afterEach(
		async () =>
			await Promise.all(published.splice(0).map(async (id) => await lab.n8n.unpublish(id))),
	);
	return async (workflow) => {
		await lab.n8n.publish(workflow);
		published.push(workflow.id);
	};
}

/** The rows of a data table, by its name, oldest first. */
export async function rowsOf(lab: Lab, tableName: string): Promise<Json[]> {
	const rows = await lab.n8n.rest<{ data: Json[] }>(
		'GET',
		`${await tablePath(lab, tableName)}/rows?take=100&sortBy=id:asc`,
	);
	return rows.data;
}

/** Adds rows to a data table. */
export async function addRows(lab: Lab, tableName: string, rows: Json[]): Promise<void> {
	await lab.n8n.rest('POST', `${await tablePath(lab, tableName)}/insert`, {
		data: rows,
		returnType: 'count',
	});
}

/** Changes columns of the row with this id, as somebody in the editor would. */
export async function changeRow(
	lab: Lab,
	tableName: string,
	id: unknown,
	data: Json,
): Promise<void> {
	const filter = { type: 'and', filters: [{ columnName: 'id', condition: 'eq', value: id }] };
	await lab.n8n.rest('PATCH', `${await tablePath(lab, tableName)}/rows`, { filter, data });
}

/** Removes a data table if there is one. */
export async function removeTable(lab: Lab, tableName: string): Promise<void> {
	const path = await tablePath(lab, tableName).catch(() => undefined);
	if (path !== undefined) await lab.n8n.rest('DELETE', path);
}

async function tablePath(lab: Lab, tableName: string): Promise<string> {
	const tables = await lab.n8n.rest<{
		data: Array<{ id: string; name: string; projectId: string }>;
	}>('GET', '/data-tables-global');
	const table = tables.data.find(({ name }) => name === tableName);
	if (table === undefined) throw new Error(`There is no table "${tableName}".`);
	return `/projects/${table.projectId}/data-tables/${table.id}`;
}
