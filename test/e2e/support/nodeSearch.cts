import { createRequire } from 'node:module';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { n8nFolder } from '../../../scripts/n8n/runtime.cts';

/** A node type as n8n describes it to its editor, as far as the search of the nodes panel reads it. */
export interface SearchedNode {
	name: string;
	displayName: string;
	version: number | number[];
	group: string[];
	hidden?: boolean;
	codex?: { alias?: string[]; categories?: string[]; subcategories?: Record<string, string[]> };
}

interface Item {
	key: string;
	properties: SearchedNode;
}

type Found = Array<{ score: number; item: Item }>;

/** The two functions of n8n's `@n8n/utils` that its editor is built with. */
interface SearchModule {
	sublimeSearch: (words: string, items: Item[]) => Found;
	reRankSearchResults: (found: Found, boosts: Record<string, Record<string, number>>) => Found;
}

const modules = () => join(n8nFolder(), 'node_modules');

function searchModule(): SearchModule {
	const load = createRequire(join(modules(), 'index.js'));
	const from = (file: string) => load(join(modules(), '@n8n/utils/dist/search', file)) as unknown;
	return {
		...(from('sublime-search.cjs') as Pick<SearchModule, 'sublimeSearch'>),
		...(from('re-rank-search-results.cjs') as Pick<SearchModule, 'reRankSearchResults'>),
	};
}

/**
 * What n8n's editor adds to the score of each node, 0 to 100: how many workflows use it. The list is part of the editor's
 * code (`nodePopularity` in its nodeCreator).
 *
 * @throws Error when the editor has no such list
 */
function popularity(): Record<string, number> {
	const folder = join(modules(), 'n8n-editor-ui/dist/assets');
	for (const file of readdirSync(folder).filter((name) => name.endsWith('.js'))) {
		const code = readFileSync(join(folder, file), 'utf8');
		const entries = [...code.matchAll(/\{id:[`"']([^`"']+)[`"'],popularity:([\d.e-]+)\}/g)];
		if (entries.length > 0)
			return Object.fromEntries(entries.map(([, id, share]) => [id, Number(share) * 100]));
	}
	throw new Error("n8n's editor holds no list of how popular nodes are.");
}

const latest = ({ version }: SearchedNode) => Math.max(...[version].flat());

/** The tools and models that only an AI agent can be given; n8n lists them where something is added to an agent. */
function isForAgentsOnly({ codex }: SearchedNode): boolean {
	const isAi = codex?.categories?.includes('AI') === true;
	return isAi && codex?.subcategories?.AI?.includes('Root Nodes') !== true;
}

/** As the editor does: the newest version of each node, and a trigger with the node of the same name as one entry. */
function entriesOf(types: SearchedNode[]): Item[] {
	const newest = new Map<string, SearchedNode>();
	for (const type of types.filter(({ hidden }) => !hidden)) {
		const known = newest.get(type.name);
		if (known === undefined || latest(type) > latest(known)) newest.set(type.name, type);
	}
	const isShownWithNode = ({ name, group }: SearchedNode) =>
		group.includes('trigger') && /Trigger$/.test(name) && newest.has(name.replace('Trigger', ''));
	return [...newest.values()]
		.filter((type) => !isForAgentsOnly(type) && !isShownWithNode(type))
		.map((type) => ({ key: type.name, properties: type }));
}

/** n8n's own search of its nodes panel over these node types; gives the names of the node types, best first. */
export function nodeSearch(types: SearchedNode[]): (words: string) => string[] {
	const { sublimeSearch, reRankSearchResults } = searchModule();
	const items = entriesOf(types);
	const boosts = { popularity: popularity() };
	return (words) =>
		reRankSearchResults(sublimeSearch(words.toLowerCase(), items), boosts).map(
			({ item }) => item.key,
		);
}
