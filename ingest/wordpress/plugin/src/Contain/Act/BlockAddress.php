<?php

declare(strict_types=1);

namespace Tourniquet\Contain\Act;

use Tourniquet\Contain\Act;
use Tourniquet\Contain\Guard;
use Tourniquet\Contain\Hold;
use Tourniquet\Contain\Site;
use Tourniquet\Guarded;
use Tourniquet\Record\Context;
use Tourniquet\Record\TrustedProxies;

/** An address or network is answered nothing but what payment services call. Which address that is, only trusted proxies may say. */
final class BlockAddress implements Act
{
    private Context $context;
    private Site $site;

    public function __construct(Context $context, Site $site)
    {
        $this->context = $context;
        $this->site = $site;
    }

    public function kind(): string
    {
        return 'address';
    }

    public function named(string $target): string
    {
        return preg_match('~^[0-9A-Fa-f.:]+(?:/\d+)?\z~', $target) === 1 ? strtolower($target) : '-';
    }

    public function refusal(string $target): ?string
    {
        return Guard::network($target, $this->site->ownNetworks(), Site::administratorAddresses());
    }

    public function begin(string $target): array
    {
        return ['network' => $target];
    }

    public function end(array $kept): void
    {
    }

    public function enforce(array $kept, Hold $hold): void
    {
        $network = (string) ($kept['network'] ?? '');
        if ($network === '' || !isset($_SERVER['REMOTE_ADDR']) || !TrustedProxies::contains([$network], $this->context->address())) {
            return;
        }
        Guarded::action(did_action('muplugins_loaded') > 0 ? 'plugins_loaded' : 'muplugins_loaded', static function () use ($hold): void {
            if (!self::isPaymentCallback()) {
                $hold->answer();
            }
        }, PHP_INT_MIN);
    }

    private static function hasShop(): bool
    {
        $file = 'woocommerce/woocommerce.php';
        return in_array($file, (array) get_option('active_plugins', []), true) || (is_multisite() && isset(((array) get_site_option('active_sitewide_plugins', []))[$file]));
    }

    private static function isPaymentCallback(): bool
    {
        // Whoever answers there has to be there: otherwise WordPress answers with what else was asked for.
        if (isset($_GET['rest_route']) || isset($_POST['rest_route']) || isset($_POST['wc-api']) || !self::hasShop()) {
            return false;
        }
        $path = Guard::path((string) strtok((string) ($_SERVER['REQUEST_URI'] ?? ''), '?#'));
        $base = strtolower(Site::base());
        $name = strncmp($path, $base . '/wc-api/', strlen($base) + 8) === 0 ? trim(substr($path, strlen($base) + 8), '/') : '';
        if (isset($_GET['wc-api'])) {
            // It goes before the path.
            return ($name !== '' || $path === $base . '/') && is_string($_GET['wc-api']) && self::isCall(sanitize_key($_GET['wc-api']));
        }
        return self::isCall($name) && get_option('permalink_structure') !== '';
    }

    /** WooCommerce takes what PHP calls empty for no call. */
    private static function isCall(string $name): bool
    {
        return $name !== '' && $name !== '0';
    }
}
