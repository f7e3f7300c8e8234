<?php

declare(strict_types=1);

namespace StandIn;

final class PostTypes
{
    /** @return list<string> */
    public static function statuses(): array
    {
        return ['wc-pending', 'wc-processing', 'wc-on-hold', 'wc-completed', 'wc-cancelled', 'wc-refunded', 'wc-failed'];
    }

    public static function register(): void
    {
        add_action('init', static function (): void {
            $ofOrders = ['public' => false, 'show_ui' => true, 'show_in_menu' => false, 'capability_type' => 'shop_order', 'map_meta_cap' => true, 'supports' => ['title', 'custom-fields']];
            register_post_type('shop_order', ['label' => 'Orders'] + $ofOrders);
            register_post_type('shop_order_refund', ['label' => 'Refunds', 'show_ui' => false] + $ofOrders);
            register_post_type('shop_coupon', ['label' => 'Coupons', 'public' => false, 'show_ui' => true, 'show_in_menu' => false, 'supports' => ['title']]);
            register_post_type('product', ['label' => 'Products', 'public' => true, 'show_in_rest' => false, 'supports' => ['title', 'comments']]);
            foreach (self::statuses() as $status) {
                register_post_status($status, ['label' => ucfirst(substr($status, 3)), 'public' => false, 'show_in_admin_all_list' => true, 'show_in_admin_status_list' => true]);
            }
        }, 5);
        add_action('save_post_shop_coupon', static function ($id, $post, $isUpdate): void {
            if ($post->post_status === 'publish') {
                do_action($isUpdate ? 'woocommerce_update_coupon' : 'woocommerce_new_coupon', (int) $id, new \WC_Coupon((int) $id));
            }
        }, 20, 3);
    }
}
