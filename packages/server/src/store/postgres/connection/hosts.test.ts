import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostsOf, isPostgresUrl } from './hosts.ts';
import { placeOf } from './options.ts';

test('a URL names one host or several, each with its port, as libpq reads it', () => {
  const hosts = (url: string) =>
    hostsOf(url).map((one) => {
      const { username, password, host, pathname, search } = new URL(one);
      return [username, password, host, pathname, search].join(' ');
    });
  assert.deepEqual(hosts('postgres://me:p%40ss@db:5433/esim?sslmode=require'), [
    'me p%40ss db:5433 /esim ?sslmode=require',
  ]);
  assert.deepEqual(
    hosts('postgresql://me@a:5432,b,[::1]:5434/esim?target_session_attrs=read-write&sslmode=require'),
    ['a:5432', 'b', '[::1]:5434'].map((host) => `me  ${host} /esim ?sslmode=require`),
  );
  assert.deepEqual(hosts('postgres://a,b/esim'), ['  a /esim ', '  b /esim ']);
  assert.deepEqual(hosts('postgres:///esim?host=/run/postgresql'), ['   /esim ?host=/run/postgresql']);
});

test('a URL that no node can use is refused: other schemes, ports that are none, or a replica', () => {
  const good = ['postgres://a/b', 'postgresql://a:1,b:2/c', 'postgres://a,b/c?target_session_attrs=primary'];
  const bad = [
    '',
    'a,b',
    'mysql://a/b',
    'http://a,b/c',
    'postgres://a:x,b/c',
    'postgres://a:1,b:99999/c',
    'postgres://a,b c/d',
    'postgres://a/b?target_session_attrs=standby',
    'postgres://a,b/c?target_session_attrs=any',
    'postgres:///b?host=a,c',
    `postgres://${Array.from({ length: 17 }, (_, i) => `h${i}`).join(',')}/b`,
  ];
  assert.deepEqual(
    good.filter((url) => !isPostgresUrl(url)),
    [],
  );
  assert.deepEqual(bad.filter(isPostgresUrl), []);
});

test('the place of a database names all hosts, and no password', () => {
  assert.equal(placeOf('postgres://me:secret@a:1,b/esim?sslmode=require'), 'postgres://a:1,b/esim');
  assert.equal(placeOf('postgres://me:secret@a:x,b/esim'), 'the URL of the database');
});
