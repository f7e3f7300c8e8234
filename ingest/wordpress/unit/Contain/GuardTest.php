<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Contain;

use PHPUnit\Framework\TestCase;
use Tourniquet\Contain\Guard;

final class GuardTest extends TestCase
{
    private const NEEDED = ['/kasse/', '/mein-konto', '/anmelden', '/wp-json/pay-gateway/v1/reports'];

    /** @dataProvider neededRoutes */
    public function testRoutesThatASiteNeedsAreNotBlocked(string $route): void
    {
        self::assertNotNull(Guard::route($route, self::NEEDED), $route);
    }

    /** @return iterable<array{string}> */
    public function neededRoutes(): iterable
    {
        $routes = [
            '', '/', '//', '/wp', '/wp-', 'wp-json', '/index.php', '/wp-login.php', '/WP-LOGIN.php', '/wp-login.php/x', '/%77p-login.php', '/x/../wp-login.php', '/./wp-login.php', '//wp-login.php',
            '/wp-cron.php', '/wp-admin', '/wp-admin/', '/wp-admin/admin-ajax.php', '/wp-admin/admin-post.php', '/wp-admin/tools.php', '/wp-json', '/wp-json/', '/wp-json/wc', '/wp-json/wc/', '/wp-json/wc/store/v1/checkout',
            '/wp-json/wc/store', '/wp-json/batch/v1', '/wc-api', '/wc-api/gateway', '/checkout/order-received', '/cart', '/my-account/lost-password', '/kasse', '/kasse/bezahlt', '/mein-konto/', '/anmelden',
            '/wp-json/some/v1/webhook', '/wp-json/some/v1/webhooks/7', '/wp-json/some-webhook/v1', '/wp-json/some/v1/ipn', '/wp-json/pay/v1/notify', '/wp-json/pay-gateway', '/wp-json/pay-gateway/v1/reports', '/a*', '/wp-json/x?y',
        ];
        foreach ($routes as $route) {
            yield $route === '' ? 'nothing' : $route => [$route];
        }
    }

    public function testOtherRoutesAre(): void
    {
        foreach (['/wp-json/wc/v3/customers', '/wp-json/wp/v2/users', '/wp-admin/export.php', '/xmlrpc.php', '/wp-json/wc/v3/webhooks', '/wp-content/uploads/backup', '/wp-json/forms/v1/entries', '/checkoutcode'] as $route) {
            self::assertNull(Guard::route($route, self::NEEDED), $route);
        }
    }

    public function testNetworksOfEverybodyTheSiteItselfAndItsProxiesAreNotBlocked(): void
    {
        $own = ['198.51.100.4', '192.0.2.0/28', '2001:db8:5::7'];
        $refused = [
            '' => 'not-a-network', 'x' => 'not-a-network', '203.0.113.7/33' => 'not-a-network', '203.0.113.7/-1' => 'not-a-network', '203.0.113.7/1e1' => 'not-a-network', '203.0.113.7/' => 'not-a-network',
            '0.0.0.0/0' => 'too-wide', '203.0.113.7/15' => 'too-wide', '::/0' => 'too-wide', '2001:db8::/31' => 'too-wide',
            '127.0.0.1' => 'own-network', '10.2.3.4/32' => 'own-network', '192.168.1.0/24' => 'own-network', '169.254.1.1' => 'own-network', '100.64.0.1' => 'own-network', '::1' => 'own-network', 'fe80::1' => 'own-network',
            'fd00::/48' => 'own-network', '::ffff:203.0.113.7' => 'own-network', '198.51.100.4' => 'own-network', '198.51.100.0/24' => 'own-network', '192.0.2.0/24' => 'own-network', '192.0.2.3' => 'own-network', '2001:db8:5::/48' => 'own-network',
        ];
        foreach ($refused as $network => $reason) {
            self::assertSame($reason, Guard::network((string) $network, $own, []), (string) $network);
        }
        foreach (['203.0.113.7', '203.0.113.0/24', '192.0.2.16/28', '2001:db8:6::/48'] as $network) {
            self::assertNull(Guard::network($network, $own, []), $network);
        }
    }

    public function testTheAddressesOfAllLoggedInAdministratorsAreNotBlocked(): void
    {
        self::assertSame('last-administrator', Guard::network('203.0.113.0/24', [], ['203.0.113.7', '203.0.113.9']));
        self::assertNull(Guard::network('203.0.113.0/24', [], ['203.0.113.7', '198.51.100.1']));
        self::assertNull(Guard::network('203.0.113.0/24', [], []));
    }

    public function testHostsOfTheSiteTheGatewayAndPaymentServicesAreNotBlocked(): void
    {
        $own = ['shop.example', 'gateway.example.org', '192.0.2.9'];
        $refused = [
            '' => 'not-a-host', 'example' => 'not-a-host', 'http://x.example' => 'not-a-host', 'a b.example' => 'not-a-host', '*.example.org' => 'not-a-host', '-.example' => null,
            'shop.example' => 'own-host', 'SHOP.example.' => 'own-host', 'example.org' => 'own-host', '192.0.2.9' => 'own-host',
            'stripe.com' => 'payment-host', 'api.stripe.com' => 'payment-host', 'js.stripe.com' => 'payment-host', 'pay.example.net' => 'payment-host', 'example.net' => 'payment-host',
        ];
        unset($refused['-.example']);
        foreach ($refused as $host => $reason) {
            self::assertSame($reason, Guard::host((string) $host, $own, ['pay.example.net']), (string) $host);
        }
        foreach (['telemetry.example', 'sub.shop.example', 'notstripe.com', '198.51.100.7', 'other.example.org'] as $host) {
            self::assertNull(Guard::host($host, $own, ['pay.example.net']), $host);
        }
    }

    public function testNeededPluginsAndTheLastAdministratorStay(): void
    {
        self::assertSame('needed-plugin-payment', Guard::plugin('Some-Gateway', ['some-gateway' => 'payment']));
        self::assertNull(Guard::plugin('broken-forms', ['some-gateway' => 'payment']));
        self::assertSame('last-administrator', Guard::account(true, 0));
        self::assertNull(Guard::account(true, 1));
        self::assertNull(Guard::account(false, 0));
    }

    public function testPathsAreComparedAsAServerWouldReadThem(): void
    {
        foreach (['/a/b' => '/a/b', '//A//b' => '/a/b', '/a/./b' => '/a/b', '/a/x/../b' => '/a/b', '/a/x/y/../../b' => '/a/b', '/%61/b' => '/a/b', '\\a\\b' => '/a/b'] as $given => $path) {
            self::assertSame($path, Guard::path($given), $given);
        }
    }
}
