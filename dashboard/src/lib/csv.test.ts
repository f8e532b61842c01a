/**
 * Goal: what is saved is read back by any table program, and never runs in one.
 * Method: columns of different lengths, fields with every sign that has a meaning.
 */
import { equal } from 'node:assert/strict'
import { test } from 'node:test'
import { csvOf } from './csv.ts'

test('columns become rows, with nothing where nothing is known', () => {
  equal(csvOf({ a: [1, null, -3], b: ['x'] }), 'a,b\r\n1,x\r\n,\r\n-3,\r\n')
  equal(csvOf({}), '\r\n')
})

test('signs that have a meaning are quoted', () => {
  equal(csvOf({ a: ['one, two', 'say "no"', 'two\nlines'] }),
    'a\r\n"one, two"\r\n"say ""no"""\r\n"two\nlines"\r\n')
})

test('text is no formula, whichever sign a program splits by; a number is a number', () => {
  equal(csvOf({ a: ['=1+1', '+1', '-1', '@x'] }), "a\r\n'=1+1\r\n'+1\r\n'-1\r\n'@x\r\n")
  equal(csvOf({ a: ['\n=1', "x;=cmd|'/C calc'!A1"] }),
    `a\r\n"\n'=1"\r\n"x;'=cmd|'/C calc'!A1"\r\n`)
  equal(csvOf({ a: [-1], b: [1e21] }), 'a,b\r\n-1,1e+21\r\n')
})
