<?php

declare(strict_types=1);

namespace Automattic\WooCommerce\Utilities;

class OrderUtil
{
    public static function custom_orders_table_usage_is_enabled(): bool
    {
        return get_option('woocommerce_custom_orders_table_enabled') === 'yes';
    }

    /** @param int|\WP_Post|\WC_Order $order */
    public static function get_order_type($order): string
    {
        return $order instanceof \WC_Order_Refund ? 'shop_order_refund' : 'shop_order';
    }

    /** @param int $id */
    public static function is_order($id, array $types = []): bool
    {
        return wc_get_order($id) !== false;
    }
}
