<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Reads;

use PHPUnit\Framework\TestCase;
use Tourniquet\Observe\Persons\TableQuery;

final class TableQueryTest extends TestCase
{
    /** @return iterable<array{string, string, int, bool}> query, table, most persons, whether bounded */
    public function large(): iterable
    {
        yield ['SELECT * FROM wp_users', 'users', PHP_INT_MAX, false];
        yield ['select user_email from `wp_3_users` where 1=1', 'users', PHP_INT_MAX, false];
        yield ['SELECT * FROM wp_wc_orders ORDER BY id LIMIT 1000, 500', 'wc_orders', PHP_INT_MAX, true];
        yield ["SELECT ID FROM wp_posts WHERE post_type = 'shop_order'", 'posts', PHP_INT_MAX, false];
        yield ['SELECT user_id, meta_key, meta_value FROM wp_usermeta WHERE user_id IN (' . implode(',', range(1, 80)) . ') ORDER BY umeta_id ASC', 'usermeta', 80, true];
        yield ['SELECT * FROM wp_gf_entry_meta WHERE form_id = 3', 'gf_entry_meta', PHP_INT_MAX, false];
        yield ["SELECT * FROM wp_users WHERE user_login IN ('a', 'b')", 'users', PHP_INT_MAX, false];
    }

    /** @dataProvider large */
    public function testLargeReadsOfPersons(string $query, string $table, int $most, bool $isBounded): void
    {
        $read = TableQuery::of($query);
        self::assertNotNull($read);
        self::assertSame([$table, $most, $isBounded], [$read->table, $read->most, $read->isBounded]);
    }

    /** @return iterable<array{string}> */
    public function small(): iterable
    {
        yield ['SELECT * FROM wp_users WHERE ID = 5 LIMIT 1'];
        yield ['SELECT * FROM wp_users LIMIT 20'];
        yield ['SELECT user_id, meta_key FROM wp_usermeta WHERE user_id IN (1,2,3)'];
        yield ['SELECT meta_value FROM wp_usermeta WHERE user_id = 12'];
        yield ["SELECT option_value FROM wp_options WHERE autoload = 'yes'"];
        yield ["SELECT ID FROM wp_posts WHERE post_type = 'product'"];
        yield ['UPDATE wp_users SET user_status = 1'];
        yield [''];
    }

    /** @dataProvider small */
    public function testEverythingElseIsNotLookedAt(string $query): void
    {
        self::assertNull(TableQuery::of($query));
    }
}
