<?php

declare(strict_types=1);

namespace Tourniquet\Admin;

use Tourniquet\Guarded;
use Tourniquet\Observer;
use Tourniquet\Plugin;

/** The page under Tools (of a network: under its Settings), Site Health, the text for the privacy policy. */
final class Pages implements Observer
{
    public const SLUG = 'tourniquet';
    private const NONCE = 'tourniquet-page';

    private Plugin $plugin;
    private ?SettingsForm $form = null;
    /** @var array{string, string}|null kind (`success`, `error`) and text */
    private ?array $notice = null;

    public function __construct(Plugin $plugin)
    {
        $this->plugin = $plugin;
    }

    public function register(): void
    {
        if (!is_admin()) {
            // Site Health also asks itself over REST.
            Guarded::filter('site_status_tests', fn($tests) => (new Health($this->plugin))->tests($tests));
            return;
        }
        Guarded::action('init', static function (): void {
            load_plugin_textdomain('tourniquet', false, basename(dirname(TOURNIQUET_FILE)) . '/languages');
        });
        Guarded::action(is_multisite() ? 'network_admin_menu' : 'admin_menu', fn() => $this->addPage());
        Guarded::filter('site_status_tests', fn($tests) => (new Health($this->plugin))->tests($tests));
        Guarded::action('admin_init', static fn() => wp_add_privacy_policy_content('Tourniquet', PrivacyText::html()), 20);
        $links = (is_multisite() ? 'network_admin_' : '') . 'plugin_action_links_' . plugin_basename(TOURNIQUET_FILE);
        Guarded::filter($links, static fn($links) => array_merge(['<a href="' . esc_url(self::url()) . '">' . esc_html__('Status and settings', 'tourniquet') . '</a>'], (array) $links));
    }

    public static function capability(): string
    {
        return is_multisite() ? 'manage_network_options' : 'manage_options';
    }

    public static function url(): string
    {
        return is_multisite() ? network_admin_url('settings.php?page=' . self::SLUG) : admin_url('tools.php?page=' . self::SLUG);
    }

    private function addPage(): void
    {
        $parent = is_multisite() ? 'settings.php' : 'tools.php';
        $hook = add_submenu_page($parent, __('Tourniquet', 'tourniquet'), __('Tourniquet', 'tourniquet'), self::capability(), self::SLUG, fn() => $this->show());
        if (is_string($hook)) {
            Guarded::action('load-' . $hook, fn() => $this->receive());
        }
    }

    /** A form of the page that was sent: done, then shown again by a request of its own, or with what is wrong. */
    private function receive(): void
    {
        wp_enqueue_style('tourniquet-page', plugins_url('assets/page.css', TOURNIQUET_FILE), [], TOURNIQUET_VERSION);
        $this->form = new SettingsForm($this->plugin->settings());
        if (($_SERVER['REQUEST_METHOD'] ?? '') !== 'POST') {
            $told = isset($_GET['told']) ? sanitize_key(wp_unslash((string) $_GET['told'])) : '';
            $this->notice = Notices::of($told);
            return;
        }
        if (!current_user_can(self::capability())) {
            wp_die(esc_html__('You are not allowed to do this.', 'tourniquet'), '', ['response' => 403]);
        }
        check_admin_referer(self::NONCE);
        $asked = isset($_POST['tourniquet_do']) ? sanitize_key(wp_unslash((string) $_POST['tourniquet_do'])) : '';
        $deeds = new Deeds($this->plugin, $this->form);
        $told = $deeds->do($asked, wp_unslash($_POST));
        if (Notices::isGood($told)) {
            wp_safe_redirect(add_query_arg('told', $told, self::url()));
            exit;
        }
        $this->notice = Notices::of($told, $deeds->detail());
    }

    private function show(): void
    {
        if (!current_user_can(self::capability()) || $this->form === null) {
            return;
        }
        (new StatusPage($this->plugin, $this->form))->show($this->notice);
    }

    /** The hidden fields and the button that each form of the page ends with. */
    public static function submit(string $do, string $label, bool $isMain = false): void
    {
        wp_nonce_field(self::NONCE, '_wpnonce', true);
        echo '<input type="hidden" name="tourniquet_do" value="' . esc_attr($do) . '">';
        echo '<button type="submit" class="button' . ($isMain ? ' button-primary' : '') . '">' . esc_html($label) . '</button>';
    }
}
