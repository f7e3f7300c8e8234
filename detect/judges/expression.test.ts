import { describe, expect, test } from 'vitest';
import { expression } from './expression.ts';
import { internalAddress } from './internal-address.ts';
import { takes } from './judge-fixture.ts';
import { lookup } from './lookup.ts';

describe('of templates are taken', () => {
  test.each(['⟨{{⟩7*7}}', '⟨${⟩7*7}', '⟨<%=⟩ 7*7 %>', '⟨#{⟩7*7}', "⟨{{⟩''.__class__.__mro__}}", '⟨{{⟩config.items()}}', "⟨{{⟩constructor.constructor('x')()}}", '⟨${⟩T(java.lang.Runtime)}', '⟨{{⟩self}}', "⟨{{⟩['id']|filter('system')}}", '⟨{%⟩ debug %}'])('%s', (marked) => {
    expect(takes(expression, marked)).toBe(true);
  });
});

describe('of templates are left', () => {
  test.each(['⟨{{⟩name}}', '⟨{{⟩ customer.first_name }}', '⟨${⟩order.total}', '⟨{%⟩ if customer %}', '⟨{{⟩ product.price | money }}', '⟨{{⟩ formatPrice(price) }}', '⟨{{⟩WRAPPER}} .a { color: red }', '⟨#{⟩id}'])('%s', (marked) => {
    expect(takes(expression, marked)).toBe(false);
  });
});

test.each([['⟨${⟩jndi:ldap://x}', true], ['⟨${⟩${lower:j}ndi:ldap://x}', true], ['⟨${⟩${::-j}${::-n}${::-d}${::-i}:rmi://x}', true], ['⟨${⟩env:SECRET}', true], ['⟨${⟩name}', false], ['⟨${⟩w:-1}', false], [`⟨\${⟩${'${lower:'.repeat(2_000)}`, false]])('the lookup %s is taken: %s', (marked, taken) => {
  expect(takes(lookup, marked)).toBe(taken);
});

describe('addresses', () => {
  test.each(['127.0.0.1', '127.1', '2130706433', '0x7f.1', '0177.0.0.1', '[::1]', '[::ffff:10.0.0.1]', 'localhost', '169.254.169.254', 'user@127.0.0.1:80', '10.0.0.5', 'metadata.google.internal', 'a.127.0.0.1.nip.io', '192.168.1.1', '172.20.0.1', '0'])('within the network: %s', (host) => {
    expect(takes(internalAddress, `u=⟨http://⟩${host}/x`)).toBe(true);
  });

  test.each(['u=⟨http://⟩shop.example/127.0.0.1', 'u=⟨http://⟩203.0.113.9/', 'redirect_to=⟨http://⟩localhost:8080/wp-admin/', 's=is ⟨http://⟩127.0.0.1 mine', 'u=⟨http://⟩172.40.0.1/', 'u=⟨http://⟩10x.example/', 'u=⟨http://⟩localhost.example/'])('outside, or the way back: %s', (marked) => {
    expect(takes(internalAddress, marked)).toBe(false);
  });
});
