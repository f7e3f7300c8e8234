<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Observe;

use PHPUnit\Framework\TestCase;
use Tourniquet\Observe\Whereabouts;

final class WhereaboutsTest extends TestCase
{
    /** @dataProvider networks */
    public function testAnAddressLiesInItsNetwork(string $address, string $network): void
    {
        self::assertSame($network, Whereabouts::network($address));
    }

    /** @return array<string, array{string, string}> */
    public function networks(): array
    {
        return [
            'a /24' => ['192.0.2.77', '192.0.2.0'],
            'the next one' => ['192.0.3.77', '192.0.3.0'],
            'a /48' => ['2001:db8:12:34::5', '2001:db8:12::'],
            'no address' => ['shop.example', ''],
            'nothing' => ['', ''],
        ];
    }

    /** @dataProvider devices */
    public function testABrowserIsItsFamilyAndSystem(string $userAgent, string $device): void
    {
        self::assertSame($device, Whereabouts::device($userAgent));
    }

    /** @return array<string, array{string, string}> */
    public function devices(): array
    {
        $chrome = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%s Safari/537.36';
        return [
            'Chrome' => [sprintf($chrome, '120.0.0.0'), 'Chrome Windows'],
            'Chrome after an update' => [sprintf($chrome, '131.0.0.0'), 'Chrome Windows'],
            'Edge, which says Chrome too' => [sprintf($chrome, '120.0.0.0') . ' Edg/120.0', 'Edge Windows'],
            'Safari on a telephone' => ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1 Version/17.0 Mobile/15E148 Safari/604.1', 'Safari iOS'],
            'Safari on a Mac' => ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605.1 Version/17.0 Safari/605.1', 'Safari macOS'],
            'Firefox on Linux' => ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Firefox Linux'],
            'Android, which says Linux too' => ['Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36', 'Chrome Android'],
            'a script' => ['curl/8.5.0', 'curl other'],
            'nothing' => ['', 'other other'],
        ];
    }
}
