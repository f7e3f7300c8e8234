<?php

declare(strict_types=1);

namespace StandIn;

final class RestSettings
{
    public static function register(): void
    {
        add_action('rest_api_init', static function (): void {
            $staff = static fn(): bool => current_user_can('manage_woocommerce');
            $route = static function (string $path, string $methods, string $callback) use ($staff): void {
                register_rest_route('wc/v3', $path, ['methods' => $methods, 'callback' => [self::class, $callback], 'permission_callback' => $staff]);
            };
            $route('/payment_gateways', 'GET', 'gateways');
            $route('/payment_gateways/(?P<id>[\w-]+)', 'PUT, POST, PATCH', 'updateGateway');
            $route('/webhooks', 'POST', 'createWebhook');
            $route('/coupons', 'POST', 'createCoupon');
            $route('/products', 'GET', 'products');
        });
    }

    public static function gateways(): \WP_REST_Response
    {
        return new \WP_REST_Response([['id' => 'bacs'] + (array) get_option('woocommerce_bacs_settings', [])]);
    }

    public static function updateGateway(\WP_REST_Request $request): \WP_REST_Response
    {
        $option = 'woocommerce_' . sanitize_key((string) $request['id']) . '_settings';
        $settings = (array) $request['settings'] + (array) get_option($option, []);
        if (isset($request['enabled'])) {
            $settings['enabled'] = $request['enabled'] ? 'yes' : 'no';
        }
        update_option($option, $settings);
        return apply_filters('woocommerce_rest_prepare_payment_gateway', new \WP_REST_Response(['id' => (string) $request['id'], 'enabled' => $settings['enabled'] ?? 'no']), new \WC_Gateway_BACS(), $request);
    }

    public static function createWebhook(\WP_REST_Request $request): \WP_REST_Response
    {
        $webhook = new \WC_Webhook(['name' => (string) $request['name'], 'topic' => (string) $request['topic'], 'delivery_url' => (string) $request['delivery_url'], 'user_id' => get_current_user_id()]);
        $webhook->save();
        do_action('woocommerce_rest_insert_webhook_object', $webhook, $request, true);
        return apply_filters('woocommerce_rest_prepare_shop_webhook', new \WP_REST_Response(['id' => $webhook->get_id(), 'topic' => $webhook->get_topic()], 201), $webhook, $request);
    }

    public static function createCoupon(\WP_REST_Request $request): \WP_REST_Response
    {
        $id = (int) wp_insert_post(['post_type' => 'shop_coupon', 'post_status' => 'draft', 'post_title' => (string) $request['code']]);
        update_post_meta($id, 'discount_type', (string) $request['discount_type']);
        update_post_meta($id, 'coupon_amount', (string) $request['amount']);
        update_post_meta($id, 'usage_limit', (string) $request['usage_limit']);
        remove_all_actions('save_post_shop_coupon', 20);
        wp_publish_post($id);
        do_action('woocommerce_new_coupon', $id, new \WC_Coupon($id));
        return new \WP_REST_Response(['id' => $id, 'code' => (string) $request['code']], 201);
    }

    public static function products(): \WP_REST_Response
    {
        return new \WP_REST_Response(array_map(static fn(\WP_Post $product): array => ['id' => $product->ID, 'name' => $product->post_title, 'price' => get_post_meta($product->ID, '_price', true)], get_posts(['post_type' => 'product'])));
    }
}
