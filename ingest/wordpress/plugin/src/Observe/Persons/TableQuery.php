<?php

declare(strict_types=1);

namespace Tourniquet\Observe\Persons;

/** A query about a table of persons that may read many of them. Nothing of its text is kept. */
final class TableQuery
{
    /** A query that asks for fewer is not looked at. */
    public const FEWEST = 50;
    private const ORDER_POSTS = 'posts';
    private const TABLES = '/_(users|usermeta|wc_orders|wc_order_addresses|wc_orders_meta|wc_customer_lookup|woocommerce_sessions|woocommerce_payment_tokens|woocommerce_downloadable_product_permissions|comments'
        . '|gf_entry(?:_meta)?|rg_lead(?:_detail)?|wpforms_entr(?:ies|y_fields)|frm_items|frm_item_metas|frmt_form_entry(?:_meta)?|fluentform_(?:submissions|entry_details)|db7_forms|cf7_vdata(?:_entry)?|e_submissions(?:_values)?|nf3_objects'
        . '|amelia_(?:users|customer_bookings)|bookly_(?:customers|customer_appointments)|latepoint_(?:customers|bookings)|ea_appointments|fc_subscribers|mailpoet_subscribers|newsletter)\b|shop_order|_billing_/';
    private const ONE = '/\b(?:user_id|post_id|order_id|entry_id|item_id|id)`?\s*=\s*[\'"]?\d/i';

    public string $table;
    /** The most persons its rows can be about: those it asks for by number; `PHP_INT_MAX` when it names none. */
    public int $most;
    /** Whether it says how many, or whom. */
    public bool $isBounded;

    private function __construct(string $table, int $most, bool $isBounded)
    {
        $this->table = $table;
        $this->most = $most;
        $this->isBounded = $isBounded;
    }

    /** Null for what reads no such table, or few of its rows. */
    public static function of(string $query): ?self
    {
        if (strncasecmp($query, 'SELECT', 6) !== 0 || preg_match(self::TABLES, $query, $match) !== 1) {
            return null;
        }
        $asked = preg_match('/\bLIMIT\s+(?:\d+\s*,\s*)?(\d+)/i', substr($query, -80), $limit) === 1 ? (int) $limit[1] : PHP_INT_MAX;
        $most = self::most($query);
        return min($asked, $most) < self::FEWEST ? null : new self($match[1] ?? self::ORDER_POSTS, $most, min($asked, $most) < PHP_INT_MAX);
    }

    /** Tables of settings and answers have many rows for one person. */
    private static function most(string $query): int
    {
        if (preg_match(self::ONE, $query) === 1) {
            return 1;
        }
        $at = stripos($query, ' IN (');
        if ($at === false) {
            return PHP_INT_MAX;
        }
        $list = substr($query, $at + 5, (int) strpos($query . ')', ')', $at) - $at - 5);
        return preg_match('/^[\d\s,\'"]+$/', $list) === 1 ? substr_count($list, ',') + 1 : PHP_INT_MAX;
    }
}
