import type { IConnections, INode } from 'n8n-workflow';

/**
 * Where the node under test stands: `alone` after the start; `backAgain`, with its error output led back into itself; in a
 * `loop` that sends so many items per round; as the tool
 * of an `agent` whose calls n8n's engine carries out (AI Agent 3), or of an `inlineAgent` that calls it itself (AI Agent 2
 * and older).
 */
export type Place =
	| { kind: 'alone' }
	| { kind: 'backAgain' }
	| { kind: 'loop'; batchSize: number }
	| { kind: 'agent' }
	| { kind: 'inlineAgent' };

/** A workflow around the node under test. */
export interface Surroundings {
	nodes: INode[];
	connections: IConnections;
	/** The node the items go to. */
	first: string;
	/** The node whose output is the result. */
	last: string;
}

const main = (node: string) => ({ node, type: 'main' as const, index: 0 });
const START: INode = {
	id: 'start',
	name: 'Start',
	type: 'start',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** Start, the node, and what its place puts between them. */
export function surround(node: INode, place: Place): Surroundings {
	if (place.kind === 'alone' || place.kind === 'backAgain') {
		return {
			nodes: [START, node],
			connections: {
				Start: { main: [[main(node.name)]] },
				...(place.kind === 'backAgain' && { [node.name]: { main: [[], [main(node.name)]] } }),
			},
			first: node.name,
			last: node.name,
		};
	}
	const parameters = place.kind === 'loop' ? { batchSize: place.batchSize } : { tool: node.name };
	const around: INode = {
		id: 'around',
		name: 'Around',
		type: place.kind,
		typeVersion: 1,
		position: [100, 0],
		parameters,
	};
	const nodes = [
		START,
		around,
		place.kind === 'loop' ? node : { ...node, type: `${node.type}Tool` },
	];
	const connections: IConnections =
		place.kind === 'loop'
			? {
					Start: { main: [[main('Around')]] },
					Around: { main: [[], [main(node.name)]] },
					[node.name]: { main: [[main('Around')]] },
				}
			: {
					Start: { main: [[main('Around')]] },
					[node.name]: { ai_tool: [[{ node: 'Around', type: 'ai_tool', index: 0 }]] },
				};
	return { nodes, connections, first: 'Around', last: 'Around' };
}
