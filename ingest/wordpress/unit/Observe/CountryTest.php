<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Observe;

use PHPUnit\Framework\TestCase;
use Tourniquet\Record\Country;

final class CountryTest extends TestCase
{
    public function testAHeaderCountsFromATrustedProxyAlone(): void
    {
        $server = ['REMOTE_ADDR' => '192.0.2.9', 'HTTP_CF_IPCOUNTRY' => 'de'];
        self::assertSame('DE', Country::code($server, ['192.0.2.0/24']));
        self::assertSame('', Country::code($server, ['198.51.100.0/24']));
        self::assertSame('', Country::code($server, []));
    }

    public function testTheWebServersOwnWordAlwaysCounts(): void
    {
        self::assertSame('FR', Country::code(['REMOTE_ADDR' => '192.0.2.9', 'GEOIP_COUNTRY_CODE' => 'FR'], []));
    }

    /** @dataProvider nonsense */
    public function testWhatIsNoCountryIsLeftOut(string $value): void
    {
        self::assertSame('', Country::code(['REMOTE_ADDR' => '192.0.2.9', 'HTTP_CF_IPCOUNTRY' => $value], ['192.0.2.9']));
    }

    /** @return list<array{string}> */
    public function nonsense(): array
    {
        return [['XX'], ['T1'], ['Germany'], ["D\nE"], [''], ["DE\n"]];
    }
}
