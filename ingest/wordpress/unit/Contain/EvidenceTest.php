<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Contain;

use PHPUnit\Framework\TestCase;
use Tourniquet\Contain\Evidence;

final class EvidenceTest extends TestCase
{
    public static function setUpBeforeClass(): void
    {
        defined('ABSPATH') || define('ABSPATH', '/srv/www/');
    }

    /** @dataProvider hostileLines */
    public function testWhatPluginsAndQueriesWriteIsNotRepeated(string $line): void
    {
        $masked = Evidence::masked($line);
        foreach (['Leopoldine', 'Winterbourne', 'Crescent', 'leopoldine', 'sesame'] as $raw) {
            self::assertStringNotContainsString($raw, $masked, $masked);
        }
        self::assertNotSame('', $masked);
    }

    /** @return iterable<array{string}> */
    public function hostileLines(): iterable
    {
        $lines = [
            "[21-Nov-2026 20:00:00 UTC] WordPress database error Duplicate entry 'leopoldine' for key 'x' for query INSERT INTO wp_usermeta VALUES (12, 'billing_address_1', '5 Crescent') made by require('wp-blog-header.php')",
            '[21-Nov-2026 20:00:00 UTC] Array ( [first_name] => Leopoldine [last_name] => Winterbourne )',
            'PHP Notice: key sesame for Leopoldine Winterbourne, 5 Crescent in /srv/www/wp-content/plugins/x/x.php on line 7',
            'Leopoldine Winterbourne', '  [city] => Crescent', "PHP Fatal error:  Uncaught Exception: no such customer Leopoldine in /srv/www/x.php:7",
            "#0 /srv/www/x.php(12): greet('Leopoldine', Array)", 'PHP Warning: Undefined array key "leopoldine@people.example" in /srv/www/x.php on line 7', "#1 {main} => Leopoldine", '[Leopoldine Winterbourne] PHP Warning: x',
        ];
        foreach ($lines as $i => $line) {
            yield "line {$i}" => [$line];
        }
    }

    public function testWhatPhpItselfSaysStays(): void
    {
        self::assertSame('[21-Nov-2026 20:00:00 UTC] PHP Warning:  Undefined variable $total in wp-content/plugins/x/x.php on line 7', self::placed(Evidence::masked('[21-Nov-2026 20:00:00 UTC] PHP Warning:  Undefined variable $total in /srv/www/wp-content/plugins/x/x.php on line 7')));
        self::assertStringContainsString('Call to undefined function wc_get_order()', Evidence::masked('PHP Fatal error:  Uncaught Error: Call to undefined function wc_get_order() in /srv/www/x.php:7'));
    }

    private static function placed(string $line): string
    {
        return str_replace('/srv/www/', '', $line);
    }
}
