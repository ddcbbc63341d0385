import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';

import { ROOT } from '../../../scripts/docs/markdown.cts';
import { CREDENTIAL, NODES } from '../../../scripts/docs/panels.cts';

/** What a text is for; each kind has rules of its own. */
export type Kind =
	| 'label'
	| 'choice'
	| 'description'
	| 'placeholder'
	| 'action'
	| 'notice'
	| 'prose';

/** A text somebody reads in the editor. */
export interface ShownText {
	kind: Kind;
	/** Where it stands, for the test's name. */
	place: string;
	text: string;
	/** The type of the parameter it belongs to. */
	type?: string;
}

type Entry = Partial<INodeProperties> & {
	action?: string;
	values?: Entry[];
	modes?: Entry[];
	options?: Entry[];
	hint?: string;
};

function textsOfEntry(entry: Entry, path: string): ShownText[] {
	const place = `${path} › ${entry.name ?? ''}`;
	const isField = entry.type !== undefined || entry.values !== undefined;
	const shown = (kind: Kind, text: unknown): ShownText[] =>
		typeof text === 'string' ? [{ kind, place, text, type: entry.type }] : [];
	const isTold = entry.name === 'toolDescription';
	return [
		...shown(entry.type === 'notice' ? 'notice' : 'label', entry.displayName),
		...(isField ? [] : shown('choice', entry.name)),
		...shown('description', entry.description),
		...shown('description', entry.hint),
		...shown('placeholder', entry.placeholder),
		...shown('placeholder', entry.typeOptions?.multipleValueButtonText),
		...shown('action', entry.action),
		...(isTold ? shown('prose', entry.default) : []),
		...[...(entry.options ?? []), ...(entry.values ?? []), ...(entry.modes ?? [])].flatMap(
			(child) => textsOfEntry(child as Entry, place),
		),
	];
}

function proseOf(place: string, value: unknown): ShownText[] {
	if (typeof value === 'string') return value === '' ? [] : [{ kind: 'prose', place, text: value }];
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([name, inner]) => proseOf(`${place} › ${name}`, inner));
}

function textsOfNode(node: INodeTypeDescription): ShownText[] {
	const place = node.displayName;
	return [
		{ kind: 'label', place, text: node.displayName },
		{ kind: 'description', place, text: node.description },
		...proseOf(`${place} › waiting`, node.eventTriggerDescription),
		...proseOf(`${place} › activated`, node.activationMessage),
		...proseOf(`${place} › panel`, node.triggerPanel),
		...node.properties.flatMap((property) => textsOfEntry(property as Entry, place)),
	];
}

/** Every text of the three nodes and the credential. The same text at the same place, for several operations, comes once. */
export function shownTexts(): ShownText[] {
	const all = [
		...NODES.flatMap(textsOfNode),
		{ kind: 'label' as const, place: CREDENTIAL.displayName, text: CREDENTIAL.displayName },
		...CREDENTIAL.properties.flatMap((property) =>
			textsOfEntry(property as Entry, CREDENTIAL.displayName),
		),
		...(CREDENTIAL.test.rules ?? []).flatMap(({ properties }) =>
			proseOf(`${CREDENTIAL.displayName} › test`, properties.message),
		),
	];
	return [...new Map(all.map((shown) => [JSON.stringify(shown), shown])).values()];
}

/** The codex file of a node: where n8n's nodes panel lists it, and for which words it finds it. */
export function codexOf(node: INodeTypeDescription) {
	const folder = node.name.charAt(0).toUpperCase() + node.name.slice(1);
	const text = readFileSync(join(ROOT, `nodes/${folder}/${folder}.node.json`), 'utf8');
	return JSON.parse(text) as {
		node: string;
		nodeVersion: string;
		codexVersion: string;
		categories: string[];
		alias: string[];
		resources: Record<string, Array<{ url: string }>>;
	};
}
