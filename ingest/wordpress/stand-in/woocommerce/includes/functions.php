<?php

declare(strict_types=1);

function WC(): WooCommerce
{
    return WooCommerce::instance();
}

/**
 * @param mixed $given id, post or order
 * @return WC_Order|WC_Order_Refund|false
 */
function wc_get_order($given = false)
{
    if ($given instanceof WC_Abstract_Order) {
        return $given;
    }
    return StandIn\OrderStore::read($given instanceof WP_Post ? $given->ID : (int) $given);
}

/** @return list<WC_Order> */
function wc_get_orders(array $query = []): array
{
    return StandIn\OrderStore::list($query);
}

/** @return WC_Product_Simple|false */
function wc_get_product($id)
{
    return get_post_type((int) $id) === 'product' ? new WC_Product_Simple((int) $id) : false;
}

/** @return WC_Order_Refund|WP_Error */
function wc_create_refund(array $args = [])
{
    return StandIn\Refunds::create($args);
}

function wc_get_order_id_by_order_key(string $key): int
{
    return StandIn\OrderStore::idOfKey($key);
}

function wc_api_hash(string $data): string
{
    return hash_hmac('sha256', $data, 'wc-api');
}

function is_checkout(): bool
{
    return is_page('checkout');
}

function is_account_page(): bool
{
    return is_page('my-account');
}

function is_cart(): bool
{
    return is_page('cart');
}

function wc_get_page_screen_id(string $for): string
{
    return $for === 'shop-order' && Automattic\WooCommerce\Utilities\OrderUtil::custom_orders_table_usage_is_enabled() ? 'woocommerce_page_wc-orders' : str_replace('-', '_', $for);
}

function wc_get_coupon_id_by_code(string $code): int
{
    return (new WC_Coupon($code))->get_id();
}

/** @return WC_Webhook|null */
function wc_get_webhook($id)
{
    $all = (array) get_option('stand_in_webhooks', []);
    return isset($all[(int) $id]) ? new WC_Webhook($all[(int) $id]) : null;
}
