/** Commands of npm itself that may stand in a README without being a script of the project. */
const OF_NPM = new Set(['ci', 'install', 'i', 'pack', 'publish', 'link', 'exec', 'init']);
const SHORTCUTS = new Set(['test', 'start', 'stop', 'restart']);

/** Names of the npm scripts that a Markdown text tells people to run, inside code only. */
export function scriptsNamedIn(markdown: string): string[] {
	const code = [...markdown.matchAll(/```[^\n]*\n([\s\S]*?)```|`([^`\n]+)`/g)].map(
		(match) => match[1] ?? match[2],
	);
	const names = code.flatMap((text) =>
		[...text.matchAll(/\bnpm\s+(?:(?:run|run-script)\s+([\w:.-]+)|([a-z-]+))/g)].map(
			([, script, command]) => script ?? command,
		),
	);
	return [...new Set(names)].filter((name) => SHORTCUTS.has(name) || !OF_NPM.has(name));
}

/** Relative files and pictures that a Markdown text links to, without their `#anchor`. */
export function filesLinkedIn(markdown: string): string[] {
	const withoutCode = markdown.replace(/```[\s\S]*?```|`[^`\n]*`/g, '');
	const links = [
		...[...withoutCode.matchAll(/\]\(\s*<?([^)\s>]+)/g)].map((match) => match[1]),
		...[...withoutCode.matchAll(/\b(?:src|href|srcset)="([^"]+)"/g)].map((match) => match[1]),
	];
	const relative = links
		.filter((link) => !/^([a-z]+:|#|\/\/)/i.test(link))
		.map((link) => link.split('#')[0]);
	return [...new Set(relative)].filter((link) => link !== '');
}
