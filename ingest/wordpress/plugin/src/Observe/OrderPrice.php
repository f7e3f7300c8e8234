<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

/** What was asked for an order, against the listed prices of its products. */
final class OrderPrice
{
    private const MOST_ITEMS = 100;

    /**
     * @param object $order with WC_Order's getters
     * @return array<string, mixed> by dotted names
     */
    public static function fields(object $order): array
    {
        $coupons = method_exists($order, 'get_coupon_codes') ? (array) $order->get_coupon_codes() : [];
        $ids = method_exists($order, 'get_items') && $coupons !== [] && function_exists('wc_get_coupon_id_by_code') ? array_map(static fn($code): int => (int) wc_get_coupon_id_by_code((string) $code), $coupons) : [];
        return [
            'woocommerce.order.price_ratio' => self::ratio($order),
            'woocommerce.order.coupons' => count($coupons),
            'woocommerce.order.total' => method_exists($order, 'get_total') ? round((float) $order->get_total(), 2) : null,
            'woocommerce.order.currency' => method_exists($order, 'get_currency') ? preg_replace('/[^A-Z]/', '', (string) $order->get_currency()) : null,
            'woocommerce.coupon.id' => ($ids[0] ?? 0) ?: null,
        ];
    }

    private static function ratio(object $order): ?float
    {
        $hasTax = function_exists('wc_prices_include_tax') && wc_prices_include_tax();
        $asked = 0.0;
        $listed = 0.0;
        $items = method_exists($order, 'get_items') ? array_slice((array) $order->get_items(), 0, self::MOST_ITEMS) : [];
        foreach ($items as $item) {
            $product = is_object($item) && method_exists($item, 'get_product') ? $item->get_product() : null;
            if (!is_object($product) || !method_exists($product, 'get_price')) {
                continue;
            }
            $asked += (float) $item->get_total() + ($hasTax && method_exists($item, 'get_total_tax') ? (float) $item->get_total_tax() : 0.0);
            $listed += (float) $product->get_price() * (int) $item->get_quantity();
        }
        return $listed > 0.0 ? round($asked / $listed, 3) : null;
    }
}
