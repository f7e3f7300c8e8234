<?php

declare(strict_types=1);

namespace StandIn;

final class RestOrders
{
    public static function register(): void
    {
        add_action('rest_api_init', static function (): void {
            $staff = static fn(): bool => current_user_can('manage_woocommerce');
            $route = static function (string $path, string $methods, string $callback) use ($staff): void {
                register_rest_route('wc/v3', $path, ['methods' => $methods, 'callback' => [self::class, $callback], 'permission_callback' => $staff]);
            };
            $route('/orders', 'GET', 'items');
            $route('/orders', 'POST', 'create');
            $route('/orders/(?P<id>[\d]+)', 'GET', 'item');
            $route('/orders/(?P<id>[\d]+)', 'PUT, POST, PATCH', 'update');
            $route('/orders/(?P<id>[\d]+)', 'DELETE', 'delete');
            $route('/orders/batch', 'PUT, POST, PATCH', 'batch');
            $route('/orders/(?P<order_id>[\d]+)/notes', 'POST', 'note');
            $route('/orders/(?P<order_id>[\d]+)/refunds', 'POST', 'refund');
            register_rest_route('wc-analytics', '/reports/orders', ['methods' => 'GET', 'callback' => [self::class, 'report'], 'permission_callback' => $staff]);
        });
    }

    /** @return array<string, mixed> */
    private static function data(\WC_Order $order): array
    {
        $data = $order->get_data();
        return ['id' => $order->get_id(), 'parent_id' => 0, 'status' => $order->get_status(), 'currency' => $order->get_currency(), 'version' => WC_VERSION, 'total' => $order->get_total(), 'customer_id' => $order->get_customer_id(), 'order_key' => $order->get_order_key(), 'billing' => $data['billing'], 'shipping' => $data['shipping'], 'payment_method' => $order->get_payment_method(), 'customer_note' => $order->get_customer_note(), 'number' => $order->get_order_number(), 'line_items' => $data['items']];
    }

    private static function prepared(\WC_Order $order, \WP_REST_Request $request): \WP_REST_Response
    {
        return apply_filters('woocommerce_rest_prepare_shop_order_object', new \WP_REST_Response(self::data($order)), $order, $request);
    }

    public static function items(\WP_REST_Request $request): \WP_REST_Response
    {
        $orders = wc_get_orders(['limit' => (int) ($request['per_page'] ?? 10), 'page' => (int) ($request['page'] ?? 1), 's' => (string) ($request['search'] ?? '')]);
        return new \WP_REST_Response(array_map(static fn(\WC_Order $order) => self::prepared($order, $request)->get_data(), $orders));
    }

    /** @return \WP_REST_Response|\WP_Error */
    public static function item(\WP_REST_Request $request)
    {
        $order = wc_get_order((int) $request['id']);
        return $order instanceof \WC_Order ? self::prepared($order, $request) : new \WP_Error('woocommerce_rest_shop_order_invalid_id', 'Invalid ID.', ['status' => 404]);
    }

    public static function create(\WP_REST_Request $request): \WP_REST_Response
    {
        $order = new \WC_Order(['billing' => (array) $request['billing'], 'status' => (string) ($request['status'] ?? 'pending'), 'total' => (string) ($request['total'] ?? '0'), 'order_key' => 'wc_order_' . wp_generate_password(13, false), 'customer_id' => (int) ($request['customer_id'] ?? 0)]);
        $order->save();
        do_action('woocommerce_rest_insert_shop_order_object', $order, $request, true);
        $response = self::prepared($order, $request);
        $response->set_status(201);
        return $response;
    }

    /** @return \WP_REST_Response|\WP_Error */
    public static function update(\WP_REST_Request $request)
    {
        $order = wc_get_order((int) $request['id']);
        if (!$order instanceof \WC_Order) {
            return self::item($request);
        }
        $order = apply_filters('woocommerce_rest_pre_insert_shop_order_object', $order, $request, false);
        foreach (['billing', 'shipping'] as $part) {
            if (is_array($request[$part])) {
                $order->set_prop_of_stand_in($part, $request[$part] + $order->get_address($part));
            }
        }
        if (isset($request['status'])) {
            $order->set_status((string) $request['status']);
        }
        $order->save();
        do_action('woocommerce_rest_insert_shop_order_object', $order, $request, false);
        return self::prepared($order, $request);
    }

    /** @return \WP_REST_Response|\WP_Error */
    public static function delete(\WP_REST_Request $request)
    {
        $order = wc_get_order((int) $request['id']);
        if (!$order instanceof \WC_Order) {
            return self::item($request);
        }
        $response = self::prepared($order, $request);
        OrderStore::delete($order);
        do_action('woocommerce_rest_delete_shop_order_object', $order, $response, $request);
        return $response;
    }

    public static function batch(\WP_REST_Request $request): \WP_REST_Response
    {
        $done = [];
        foreach ((array) $request['update'] as $one) {
            $inner = new \WP_REST_Request('PUT');
            $inner->set_body_params((array) $one);
            $inner['id'] = (int) $one['id'];
            $answer = self::update($inner);
            $done[] = $answer instanceof \WP_REST_Response ? $answer->get_data() : ['id' => (int) $one['id'], 'error' => []];
        }
        return new \WP_REST_Response(['update' => $done]);
    }

    public static function note(\WP_REST_Request $request): \WP_REST_Response
    {
        $order = wc_get_order((int) $request['order_id']);
        $id = $order->add_order_note((string) $request['note'], (int) (bool) $request['customer_note'], true);
        $note = get_comment($id);
        do_action('woocommerce_rest_insert_order_note', $note, $request, true);
        return apply_filters('woocommerce_rest_prepare_order_note', new \WP_REST_Response(['id' => $id, 'author' => 'WooCommerce', 'note' => $note->comment_content, 'customer_note' => (bool) $request['customer_note']], 201), $note, $request);
    }

    /** @return \WP_REST_Response|\WP_Error */
    public static function refund(\WP_REST_Request $request)
    {
        $refund = wc_create_refund(['order_id' => (int) $request['order_id'], 'amount' => $request['amount'], 'reason' => $request['reason'], 'refund_payment' => !empty($request['api_refund'])]);
        if (is_wp_error($refund)) {
            return new \WP_Error('woocommerce_rest_cannot_create_order_refund', 'Cannot create order refund.', ['status' => 500]);
        }
        do_action('woocommerce_rest_insert_shop_order_refund_object', $refund, $request, true);
        return apply_filters('woocommerce_rest_prepare_shop_order_refund_object', new \WP_REST_Response(['id' => $refund->get_id(), 'amount' => $refund->get_amount(), 'reason' => $refund->get_reason()], 201), $refund, $request);
    }

    public static function report(\WP_REST_Request $request): \WP_REST_Response
    {
        return new \WP_REST_Response(array_map(static fn(\WC_Order $order): array => [
            'order_id' => $order->get_id(), 'status' => $order->get_status(), 'customer_id' => $order->get_customer_id(), 'net_total' => (float) $order->get_total(),
            'extended_info' => ['customer' => ['first_name' => $order->get_billing_first_name(), 'last_name' => $order->get_billing_last_name()]],
        ], wc_get_orders(['limit' => (int) ($request['per_page'] ?? 10)])));
    }
}
