<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Settings;
use Tourniquet\Watcher;

/** WooCommerce's settings that decide where money, mail and data go: gateways, bank details, payouts, recipients, switches. No values. */
final class ShopSettings extends Watcher
{
    /** Settings of their own that matter; gateways and mails are found by their shape. */
    private const NAMED = [
        'woocommerce_enable_guest_checkout', 'woocommerce_enable_signup_and_login_from_checkout', 'woocommerce_api_enabled', 'woocommerce_allow_tracking',
        'woocommerce_custom_orders_table_enabled', 'woocommerce_feature_custom_order_tables_enabled', 'woocommerce_downloads_require_login', 'woocommerce_file_download_method',
        'woocommerce_downloads_grant_access_after_payment', 'woocommerce_allow_bulk_remove_personal_data', 'woocommerce_erasure_request_removes_order_data',
        'woocommerce_email_from_address', 'woocommerce_stock_email_recipient', 'woocommerce_currency', 'woocommerce_calc_taxes', 'woocommerce_coming_soon', 'woocommerce_force_ssl_checkout',
    ];
    private const SWITCH_VALUES = ['yes', 'no', '0', '1', 'on', 'off', 'true', 'false', ''];
    /** Names within a gateway's settings that say whose account is paid. */
    private const ACCOUNT = '/(?:account|iban|receiver|merchant|payout|publishable|client_id|paypal_email|(?:^|_)email$|seller)/i';
    private const SECRET = '/(?:secret|key|token|password|signature)/i';

    /** WooCommerce's list of gateways, once it was made; never made for this: gateways do things when they are. */
    private ?object $gateways = null;

    public function register(): void
    {
        Guarded::action('wc_payment_gateways_initialized', function ($gateways): void {
            $this->gateways = is_object($gateways) ? $gateways : null;
        });
        Guarded::action('updated_option', fn($name, $old, $new) => $this->changed((string) $name, $old, $new), 10, 3);
        Guarded::action('added_option', fn($name, $new) => $this->changed((string) $name, null, $new), 10, 2);
        Guarded::action('deleted_option', fn($name) => $name === 'woocommerce_bacs_accounts' ? $this->changed('woocommerce_bacs_accounts', [], null) : null);
    }

    /**
     * @param mixed $old
     * @param mixed $new
     */
    private function changed(string $name, $old, $new): void
    {
        if (strncmp($name, 'woocommerce_', 12) !== 0) {
            return;
        }
        if ($name === 'woocommerce_bacs_accounts') {
            $this->journal->urgent('payment', 'bank-details-changed', ['wordpress.option.name' => $name, 'wordpress.option.group' => 'payment_gateway', 'wordpress.data.classes' => ['fin.bank_account', 'fin.iban']]);
        } elseif (substr($name, -9) === '_settings' && is_array($new)) {
            $this->group($name, is_array($old) ? $old : [], $new);
        } elseif (in_array($name, self::NAMED, true)) {
            $this->journal->urgent('configuration', 'option-updated', [
                'wordpress.option.name' => $name,
                'wordpress.option.group' => 'shop',
                'wordpress.option.new' => is_scalar($new) && in_array((string) $new, self::SWITCH_VALUES, true) ? (string) $new : null,
            ]);
        }
    }

    /**
     * @param array<mixed> $old
     * @param array<mixed> $new
     */
    private function group(string $name, array $old, array $new): void
    {
        $changed = [];
        foreach (array_keys($old + $new) as $key) {
            if (($old[$key] ?? null) !== ($new[$key] ?? null) && is_string($key) && preg_match('/^[A-Za-z0-9_-]{1,64}$/', $key) === 1) {
                $changed[] = $key;
            }
        }
        $group = $this->groupOf($name, $new);
        if ($changed === [] || $group === '') {
            return;
        }
        sort($changed);
        $fields = [
            'wordpress.option.name' => $name,
            'wordpress.option.group' => $group,
            'wordpress.option.new' => in_array('enabled', $changed, true) && in_array($new['enabled'] ?? null, ['yes', 'no'], true) ? $new['enabled'] : null,
            'wordpress.data.fields' => array_slice($changed, 0, 64),
            'wordpress.data.classes' => preg_grep(self::SECRET, $changed) ? ['secret.api_key'] : null,
        ];
        $this->journal->urgent('configuration', 'option-updated', $fields);
        // A gateway that is set up for the first time has no account that could be changed.
        $accounts = array_filter($changed, static fn(string $key): bool => preg_match(self::ACCOUNT, $key) === 1 && ($old[$key] ?? '') !== '' && $key !== 'instructions');
        if ($group === 'payment_gateway' && $accounts !== []) {
            $this->journal->urgent('payment', 'payout-account-changed', ['wordpress.data.fields' => array_values($accounts)] + $fields);
        }
    }

    /** @param array<mixed> $settings */
    private function groupOf(string $name, array $settings): string
    {
        $id = substr($name, 12, -9);
        if (isset($settings['recipient']) || isset($settings['email_type'])) {
            return 'email';
        }
        foreach ($this->gateways === null ? [] : (array) ($this->gateways->payment_gateways ?? []) as $gateway) {
            if (is_object($gateway) && ($gateway->id ?? '') === $id) {
                return 'payment_gateway';
            }
        }
        $isGateway = preg_match('/(?:stripe|paypal|ppcp|braintree|square|mollie|klarna|adyen|authorize|sumup|payment|bacs|cheque|cod|amazon_pay|razorpay|payu|worldpay)/', $id) === 1 || isset($settings['testmode']) || isset($settings['sandbox']);
        return $isGateway ? 'payment_gateway' : '';
    }
}
