import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readDocument } from '../../scripts/docs/markdown.cts';
import { defaultSwitches } from '../../simulator/index.cts';
import { models } from '../../simulator/models/index.cts';

const folder = join(__dirname, '..', '..', 'simulator');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');
const source = (name: string) => readFileSync(join(folder, name), 'utf8');

const { code } = readDocument('simulator/README.md');

/** Whether something stands in the README as code, alone or within a longer piece of it. */
function named(name: string): boolean {
	const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
	const whole = new RegExp(`(?<![\\w-])${escaped}(?![\\w-])`);
	return code.some(({ text }) => whole.test(text));
}

/** The fields of an interface, from its source. */
function fieldsOf(file: string, name: string): string[] {
	const text = source(file);
	const start = text.indexOf(`export interface ${name} {`);
	const body = text.slice(start, text.indexOf('\n}', start));
	return [...body.matchAll(/^\t(\w+)\??:/gm)].map((match) => match[1]);
}

describe('the README of the simulator', () => {
	it('has a row for every switch, with its default', () => {
		const defaults = source('defaultSwitches.cts');
		const names = Object.keys(defaultSwitches());
		expect(names.length).toBeGreaterThan(50);
		const wrong = names.filter((name) => {
			const value = new RegExp(`^\\t\\t${name}: (.*),$`, 'm').exec(defaults)?.[1];
			return value === undefined || !readme.includes(`| \`${name}\` | \`${value}\` |`);
		});
		expect(wrong).toEqual([]);
	});

	it.each([
		['switches.cts', 'FileBehaviour'],
		['tasks.cts', 'TaskPlan'],
		['tasks.cts', 'OutputPlan'],
		['plans.cts', 'PlanMatch'],
		['faults.cts', 'FaultRule'],
	])('names every field of %s %s', (file, name) => {
		const fields = fieldsOf(file, name);
		expect(fields.length).toBeGreaterThan(2);
		expect(fields.filter((field) => !new RegExp(`\\b${field}\\b`).test(readme))).toEqual([]);
	});

	it('names every kind of fault, every flag, every model and every address', () => {
		const kinds = new Set(
			[...source('faults.cts').matchAll(/type: '(\w+)'/g)].map((match) => match[1]),
		);
		const flags = [...source('main.cts').matchAll(/^ {2}(--[a-z-]+)/gm)].map((match) => match[1]);
		const paths = [
			...source('server.cts').matchAll(/\['(?:GET|POST)', '([^':]+?)\/?(?::[^']*)?'/g),
		].map((match) => match[1]);
		const controls = [...source('control.cts').matchAll(/add\('\w+', '(\/\w+)/g)].map(
			(match) => match[1],
		);
		expect([kinds.size, flags.length, paths.length]).toEqual([9, 8, 11]);
		expect(controls.length).toBeGreaterThan(10);
		expect([...kinds, ...flags].filter((name) => !named(name))).toEqual([]);
		expect(models.map(({ id }) => id).filter((id) => !named(id) && !named(`${id}@pro`))).toEqual(
			[],
		);
		expect([...paths, ...controls].filter((path) => !readme.includes(path))).toEqual([]);
	});
});
