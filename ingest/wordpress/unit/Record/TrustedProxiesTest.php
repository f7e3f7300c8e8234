<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Record;

use PHPUnit\Framework\TestCase;
use Tourniquet\Record\TrustedProxies;

final class TrustedProxiesTest extends TestCase
{
    /** @return list<array{string, list<string>, string, string}> */
    public static function hops(): array
    {
        return [
            ['192.0.2.7', [], '198.51.100.1', '192.0.2.7'],
            ['192.0.2.7', ['192.0.2.0/24'], '198.51.100.1', '198.51.100.1'],
            ['192.0.2.7', ['192.0.2.0/24'], '203.0.113.9, 198.51.100.1, 192.0.2.8', '198.51.100.1'],
            ['192.0.2.7', ['192.0.2.0/24'], 'unknown', '192.0.2.7'],
            ['::ffff:192.0.2.7', ['192.0.2.0/24'], '198.51.100.1', '198.51.100.1'],
            ['::ffff:192.0.2.7', [], '198.51.100.1', '192.0.2.7'],
            ['192.0.2.7', ['192.0.2.0/24'], '::ffff:198.51.100.1', '198.51.100.1'],
            ['2001:db8::7', ['2001:db8::/33'], '2001:db8:8000::1', '2001:db8:8000::1'],
            ['2001:db8:8000::7', ['2001:db8::/33'], '198.51.100.1', '2001:db8:8000::7'],
            ['no address', ['0.0.0.0/0'], '198.51.100.1', ''],
        ];
    }

    /**
     * @dataProvider hops
     * @param list<string> $trusted
     */
    public function testTheAddressIsTheLastThatNoTrustedProxyHas(string $peer, array $trusted, string $forwarded, string $address): void
    {
        self::assertSame($address, TrustedProxies::address(['REMOTE_ADDR' => $peer, 'HTTP_X_FORWARDED_FOR' => $forwarded], $trusted));
    }

    public function testAnAddressOfVersion4LiesInNetworksOfItsLongFormOnlyWhereItIsWrittenSo(): void
    {
        self::assertTrue(TrustedProxies::contains(['192.0.2.0/24'], '::ffff:192.0.2.7'));
        self::assertFalse(TrustedProxies::contains(['192.0.2.0/24'], '::ffff:198.51.100.7'));
        self::assertTrue(TrustedProxies::contains(['::ffff:0:0/96'], '::ffff:198.51.100.7'));
        self::assertFalse(TrustedProxies::contains(['::ffff:0:0/96'], '198.51.100.7'));
    }
}
