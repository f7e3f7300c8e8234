<?php

declare(strict_types=1);

namespace StandIn;

final class RestPeople
{
    public static function register(): void
    {
        add_action('rest_api_init', static function (): void {
            $staff = static fn(): bool => current_user_can('manage_woocommerce');
            register_rest_route('wc/v3', '/customers', [
                ['methods' => 'GET', 'callback' => [self::class, 'items'], 'permission_callback' => $staff],
                ['methods' => 'POST', 'callback' => [self::class, 'create'], 'permission_callback' => $staff],
            ]);
            register_rest_route('wc/v3', '/customers/(?P<id>[\d]+)', ['methods' => 'GET', 'callback' => [self::class, 'item'], 'permission_callback' => $staff]);
            register_rest_route('wc-analytics', '/customers', ['methods' => 'GET', 'callback' => [self::class, 'analytics'], 'permission_callback' => $staff]);
            register_rest_route('wc-analytics', '/reports/customers', ['methods' => 'GET', 'callback' => [self::class, 'analytics'], 'permission_callback' => $staff]);
            register_rest_route('wc-analytics', '/reports/customers/export', ['methods' => 'POST', 'callback' => [self::class, 'export'], 'permission_callback' => $staff]);
        });
    }

    /** @return array<string, mixed> */
    private static function data(\WP_User $user): array
    {
        $billing = ['email' => $user->user_email];
        foreach (['first_name', 'last_name', 'company', 'address_1', 'address_2', 'city', 'postcode', 'country', 'state', 'phone'] as $name) {
            $billing[$name] = (string) get_user_meta($user->ID, 'billing_' . $name, true);
        }
        return ['id' => $user->ID, 'email' => $user->user_email, 'first_name' => $user->first_name, 'last_name' => $user->last_name, 'role' => $user->roles[0] ?? '', 'username' => $user->user_login, 'billing' => $billing, 'shipping' => array_diff_key($billing, ['email' => 1]), 'is_paying_customer' => true, 'avatar_url' => '', 'meta_data' => []];
    }

    private static function prepared(\WP_User $user, \WP_REST_Request $request): \WP_REST_Response
    {
        return apply_filters('woocommerce_rest_prepare_customer', new \WP_REST_Response(self::data($user)), $user, $request);
    }

    public static function items(\WP_REST_Request $request): \WP_REST_Response
    {
        $size = (int) ($request['per_page'] ?? 10);
        $query = apply_filters('woocommerce_rest_customer_query', ['exclude' => [], 'include' => [], 'order' => 'asc', 'number' => $size, 'offset' => $size * (max(1, (int) $request['page']) - 1), 'role' => 'customer', 'orderby' => 'ID'], $request);
        return new \WP_REST_Response(array_map(static fn(\WP_User $user) => self::prepared($user, $request)->get_data(), get_users($query)));
    }

    /** @return \WP_REST_Response|\WP_Error */
    public static function item(\WP_REST_Request $request)
    {
        $user = get_userdata((int) $request['id']);
        return $user instanceof \WP_User ? self::prepared($user, $request) : new \WP_Error('woocommerce_rest_invalid_id', 'Invalid resource ID.', ['status' => 404]);
    }

    /** @return \WP_REST_Response|\WP_Error */
    public static function create(\WP_REST_Request $request)
    {
        $data = apply_filters('woocommerce_new_customer_data', ['user_login' => (string) $request['username'], 'user_pass' => (string) ($request['password'] ?? wp_generate_password()), 'user_email' => (string) $request['email'], 'role' => 'customer']);
        $id = wp_insert_user($data);
        if (is_wp_error($id)) {
            return new \WP_Error('woocommerce_rest_customer_invalid', $id->get_error_message(), ['status' => 400]);
        }
        do_action('woocommerce_created_customer', $id, $data, false);
        $user = get_userdata($id);
        do_action('woocommerce_rest_insert_customer', $user, $request, true);
        $response = self::prepared($user, $request);
        $response->set_status(201);
        return $response;
    }

    /** @return list<array<string, mixed>> */
    private static function lookup(int $limit): array
    {
        global $wpdb;
        return $wpdb->get_results($wpdb->prepare("SELECT customer_id AS id, user_id, username, CONCAT(first_name, ' ', last_name) AS name, email, country, city, state, postcode FROM {$wpdb->prefix}wc_customer_lookup LIMIT %d", $limit), ARRAY_A);
    }

    public static function analytics(\WP_REST_Request $request): \WP_REST_Response
    {
        apply_filters('woocommerce_report-customers_data_store', 'report-customers');
        return new \WP_REST_Response(self::lookup((int) ($request['per_page'] ?? 25)));
    }

    public static function export(\WP_REST_Request $request): \WP_REST_Response
    {
        $id = (string) apply_filters('woocommerce_admin_export_id', (string) hrtime(true));
        foreach (self::lookup(1000) as $item) {
            apply_filters('woocommerce_export_admin_customers_report_row_data', ['name' => $item['name'], 'username' => $item['username'], 'last_active' => '', 'registered' => '', 'email' => $item['email'], 'orders_count' => 2, 'total_spend' => '20', 'avg_order_value' => '10', 'country' => $item['country']], $item);
        }
        update_option('woocommerce_admin_report_export_status', ['customers:' . $id => ['progress' => 100]]);
        return new \WP_REST_Response(['message' => 'Your report file is being generated.', 'export_id' => $id]);
    }
}
