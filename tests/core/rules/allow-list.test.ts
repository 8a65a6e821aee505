import { expect, it } from 'vitest';
import { mayReceive } from '#core/allow-list';

it.each<[readonly string[] | undefined, string, boolean]>([
  [undefined, 'kim@example.com', true],
  [[], 'kim@example.com', false],
  [['*'], 'kim@example.com', true],
  [['kim@example.com'], 'kim@example.com', true],
  [['Kim@Example.com'], 'kim@example.com', true],
  [['kim@example.com'], 'tim@example.com', false],
  [['example.com'], 'kim@example.com', true],
  [['@example.com'], 'kim@example.com', true],
  [['example.com'], 'kim@mail.example.com', false],
  [['example.com'], 'kim@badexample.com', false],
  [['example.com'], 'example.com@elsewhere.org', false],
])('with the list %j mail to %s goes: %s', (allowed, email, expected) => {
  expect(mayReceive(allowed, email)).toBe(expected);
});
