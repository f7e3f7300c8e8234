<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Admin;

use PHPUnit\Framework\TestCase;
use Tourniquet\Admin\SettingRules;
use Tourniquet\Settings;

final class SettingRulesTest extends TestCase
{
    public function testEachDefaultHoldsAndComesBackFromTheForm(): void
    {
        foreach (Settings::DEFAULTS as $name => $default) {
            self::assertNull(SettingRules::problem($name, $default), $name);
            self::assertSame($default, SettingRules::parse($name, SettingRules::text($name, $default)), $name);
        }
    }

    public function testWhatFitsIsTaken(): void
    {
        $values = [
            ['trusted_proxies', ['192.0.2.7', '192.0.2.0/24', '2001:db8::/32']], ['region', ['DE', 'eu.example.org']], ['ai_hosts', ['api.example.com', '*.example.com', 'localhost:11434']], ['browser_pages', ['/booking']],
            ['outbound_purposes', ['pay.example' => 'payment']], ['spool_directory', '/var/spool/tourniquet'], ['spool_directory', 'D:\\spool'], ['ai_local_endpoint', 'http://127.0.0.1:11434/v1'], ['ai_policy', 'anonymise'], ['spool_mebibytes', 8],
        ];
        foreach ($values as [$name, $value]) {
            self::assertNull(SettingRules::problem($name, $value), $name);
            self::assertSame($value, SettingRules::parse($name, SettingRules::text($name, $value)), $name);
        }
    }

    public function testWhatDoesNotFitIsRefused(): void
    {
        $values = [
            ['no_such', 1], ['region', 'DE'], ['region', ['de']], ['region', ['DE', 7]], ['region', ['x' => 'DE']], ['trusted_proxies', ['0.0.0.0/0']], ['trusted_proxies', ['example.org']], ['trusted_proxies', ['192.0.2.0/24/7']],
            ['ai_policy', 'sometimes'], ['ai_policy', true], ['ai_revert_settings', 1], ['ai_local_endpoint', 'ftp://x.example'], ['ai_local_endpoint', 'http://user:word@x.example/'], ['ai_local_endpoint', 'javascript:alert(1)'], ['ai_hosts', ['https://api.example.com']],
            ['ai_hosts', ["a.example\nb.example"]], ['browser_pages', ['booking']], ['browser_pages', ['/a?b']], ['outbound_purposes', ['pay.example' => 'bribes']], ['outbound_purposes', ['payment']], ['spool_directory', 'spool'], ['spool_directory', '/var/../etc'],
            ['spool_directory', 'php://filter'], ['spool_mebibytes', 7], ['spool_mebibytes', -1], ['ai_hosts', array_fill(0, 201, 'a.example')],
        ];
        foreach ($values as [$name, $value]) {
            self::assertNotNull(SettingRules::problem($name, $value), $name . ' ' . json_encode($value));
        }
    }

    public function testABoxWithoutItsTickIsOffAndANumberThatIsNoneIsWrong(): void
    {
        self::assertFalse(SettingRules::parse('discover', null));
        self::assertTrue(SettingRules::parse('discover', '1'));
        self::assertNotNull(SettingRules::problem('spool_mebibytes', SettingRules::parse('spool_mebibytes', 'much')));
    }
}
