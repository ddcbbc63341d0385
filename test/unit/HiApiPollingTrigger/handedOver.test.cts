import { HandedOver } from '../../../nodes/HiApiPollingTrigger/handedOver';

test('knows every place of the last minute, of each trigger by itself', () => {
	const handedOver = new HandedOver();
	handedOver.add('w', 'first', 0);
	handedOver.add('w', 'second', 30_000);
	expect(handedOver.has('w', 'third', 30_000)).toBe(false);
	expect(handedOver.has('other', 'first', 30_000)).toBe(false);
	expect(['first', 'second'].map((revision) => handedOver.has('w', revision, 59_999))).toEqual([
		true,
		true,
	]);
	expect(['first', 'second'].map((revision) => handedOver.has('w', revision, 60_000))).toEqual([
		false,
		true,
	]);
	expect(handedOver.has('w', 'second', 90_000)).toBe(false);
});

test('counts anew when the same place is handed over once more', () => {
	const handedOver = new HandedOver();
	handedOver.add('w', 'first', 0);
	handedOver.add('w', 'first', 60_000);
	expect(handedOver.has('w', 'first', 100_000)).toBe(true);
});
