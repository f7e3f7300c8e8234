<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Reads;

use PHPUnit\Framework\TestCase;
use Tourniquet\Observe\Persons\Found;
use Tourniquet\Observe\Persons\Walker;
use Tourniquet\Record\Tokens;

final class WalkerTest extends TestCase
{
    /** @param mixed $data */
    private static function walk($data, array $ignored = [], array $sent = []): Found
    {
        $found = new Found(null);
        (new Walker($found, $ignored, $sent))->walk($data);
        return $found;
    }

    /** @return list<string> type and token of each person */
    private static function persons(Found $found): array
    {
        return array_map(static fn(array $s): string => $s['type'] . ' ' . $s['token'] . (isset($s['jurisdiction']) ? ' ' . $s['jurisdiction'] : ''), $found->subjects()->tokens(self::tokens()));
    }

    private static function tokens(): Tokens
    {
        return new Tokens(str_repeat("\x01", 32));
    }

    private static function order(int $n): array
    {
        return [
            'id' => $n, 'order_key' => "wc_order_{$n}", 'customer_id' => 0, 'total' => '10.00', 'number' => (string) $n,
            'billing' => ['first_name' => 'Made', 'last_name' => 'Up', 'email' => "buyer{$n}@people.example", 'country' => 'DE', 'phone' => '', 'address_1' => '1 Pier'],
            'shipping' => ['first_name' => 'Made'],
            'meta_data' => [['id' => 1, 'key' => '_source', 'value' => 'x']],
            'line_items' => array_fill(0, 3, ['id' => 5, 'name' => 'Thing', 'meta_data' => []]),
            '_links' => ['self' => [['href' => 'https://shop.example/']]],
        ];
    }

    public function testOrdersNameTheirBuyersWithCountry(): void
    {
        $found = self::walk([self::order(1), self::order(2), self::order(1)]);
        self::assertSame(['customer ' . self::tokens()->of('email', 'buyer1@people.example') . ' DE', 'customer ' . self::tokens()->of('email', 'buyer2@people.example') . ' DE'], self::persons($found));
        self::assertSame(3, $found->records());
        self::assertSame(['pii.address', 'pii.email', 'pii.name'], $found->classes());
    }

    public function testAPlantedOrderIsTold(): void
    {
        self::assertArrayNotHasKey('woocommerce.order.canary', self::walk([self::order(1)])->fields());
        $planted = ['meta_data' => [['id' => 2, 'key' => '_tourniquet_canary', 'value' => '1']]] + self::order(2);
        self::assertTrue(self::walk([self::order(1), $planted])->fields()['woocommerce.order.canary']);
    }

    public function testABuyerWithoutAddressIsNamedByHerAccount(): void
    {
        $order = ['customer_id' => 7] + self::order(1);
        $order['billing']['email'] = '';
        self::assertSame(['customer ' . self::tokens()->of('text', 'user:7') . ' DE'], self::persons(self::walk($order)));
    }

    public function testAnyShapeIsSearchedForAddresses(): void
    {
        $entry = (object) ['entries' => [(object) ['fields' => ['3' => 'jo@people.example', '4' => 'See you at 5@home']], new class implements \JsonSerializable {
            public function jsonSerialize(): array
            {
                return ['key' => 'patient_email', 'patient_email' => 'ann@people.example'];
            }
        }]];
        self::assertSame(['contact ' . self::tokens()->of('email', 'jo@people.example'), 'patient ' . self::tokens()->of('email', 'ann@people.example')], self::persons(self::walk($entry)));
    }

    public function testLabelsOfSearchesAreRead(): void
    {
        self::assertSame(1, self::walk(['12' => 'Jo Roe (#12 – jo@people.example)'])->count());
        self::assertSame(1, self::walk(['Jo <jo@people.example>'])->count());
    }

    public function testPublicTextsLinksAndTheSitesOwnAddressNameNobody(): void
    {
        $posts = [['title' => ['rendered' => 'a'], 'content' => ['rendered' => 'write to jo@people.example'], 'note' => '<a href="mailto:jo@people.example">', 'contact' => 'Shop@shop.example']];
        self::assertSame(0, self::walk($posts, ['shop@shop.example'])->count());
        self::assertSame(0, self::walk(['handle' => '@harbour', 'version' => 'pkg@1.2', 'x' => str_repeat('a', 400) . '@people.example'])->count());
    }

    public function testWhatTheAskerSentIsHersAndNotForeign(): void
    {
        $found = self::walk(['email' => 'Jo@people.example'], [], ['jo@people.example']);
        self::assertSame([1, 0], [$found->count(), $found->foreign()]);
    }

    public function testNamesOfFieldsThatAreDataThemselvesAreNotKept(): void
    {
        $found = self::walk(['jo.roe' => '1', 'email' => 'jo@people.example', 'billing_phone' => '1', 'iban' => 'x', 'secret of jo' => 'x']);
        self::assertSame(['billing_phone', 'email', 'iban'], $found->fields()['wordpress.data.fields']);
    }

    public function testDeepAndEndlessAnswersEnd(): void
    {
        $deep = ['email' => 'jo@people.example'];
        for ($i = 0; $i < 50; $i++) {
            $deep = ['a' => $deep];
        }
        self::assertSame(0, self::walk($deep)->count());
        $found = new Found(null);
        $walker = new Walker($found);
        $walker->walk(array_fill(0, 3000, array_fill(0, 30, 'x')));
        self::assertFalse($walker->isWhole());
    }
}
