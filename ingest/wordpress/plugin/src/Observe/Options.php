<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Record\ActingPlugin;
use Tourniquet\Record\Subjects;
use Tourniquet\Watcher;

/** Options that decide who gets in, where the site lives, what it lets in and where its backups go. Names; values of switches alone. */
final class Options extends Watcher
{
    /** `switch`: its value is told; `role`: the name of a role, told, too; `address`: of a person; `name`: only that it changed. */
    private const WATCHED = [
        'default_role' => 'role',
        'users_can_register' => 'switch', 'blog_public' => 'switch', 'comment_registration' => 'switch', 'comment_moderation' => 'switch',
        'comment_previously_approved' => 'switch', 'default_comment_status' => 'switch', 'use_trackback' => 'switch', 'default_pingback_flag' => 'switch',
        'require_name_email' => 'switch', 'link_manager_enabled' => 'switch', 'enable_xmlrpc' => 'switch', 'enable_app' => 'switch',
        'auto_update_core_dev' => 'switch', 'auto_update_core_minor' => 'switch', 'auto_update_core_major' => 'switch',
        'auto_update_plugins' => 'name', 'auto_update_themes' => 'name',
        'admin_email' => 'address', 'new_admin_email' => 'address',
        'siteurl' => 'name', 'home' => 'name', 'permalink_structure' => 'name', 'upload_path' => 'name', 'upload_url_path' => 'name',
        'ping_sites' => 'name', 'disallowed_keys' => 'name', 'wp_page_for_privacy_policy' => 'name', 'show_on_front' => 'name', 'page_on_front' => 'name',
        'mailserver_url' => 'name', 'mailserver_login' => 'name', 'mailserver_pass' => 'name', 'uninstall_plugins' => 'name', 'secret_key' => 'name',
        'updraft_service' => 'name', 'updraft_s3' => 'name', 'updraft_s3generic' => 'name', 'updraft_ftp' => 'name', 'updraft_sftp' => 'name',
        'updraft_webdav' => 'name', 'updraft_dropbox' => 'name', 'updraft_googledrive' => 'name', 'updraft_onedrive' => 'name', 'updraft_azure' => 'name',
        'updraft_backblaze' => 'name', 'updraft_email' => 'name', 'wpvivid_upload_setting' => 'name', 'backwpup_cfg_jobs' => 'name',
        'duplicator_pro_storage' => 'name', 'ai1wm_backups_path' => 'name',
        'tourniquet_settings' => 'name',
    ];
    /** Of a network. */
    private const WATCHED_OF_NETWORK = [
        'registration' => 'switch', 'add_new_users' => 'switch', 'upload_space_check_disabled' => 'switch', 'admin_email' => 'address', 'new_admin_email' => 'address',
        'upload_filetypes' => 'name', 'illegal_names' => 'name', 'limited_email_domains' => 'name', 'banned_email_domains' => 'name', 'siteurl' => 'name',
        'menu_items' => 'name', 'auto_update_plugins' => 'name', 'auto_update_themes' => 'name', 'auto_update_core_minor' => 'switch',
        'auto_update_core_major' => 'switch', 'auto_update_core_dev' => 'switch', 'tourniquet_settings' => 'name',
    ];
    private const SWITCHES = ['0', '1', 'yes', 'no', 'on', 'off', 'true', 'false', 'enabled', 'disabled', 'unset', 'open', 'closed', 'none', 'user', 'blog', 'all'];

    public function register(): void
    {
        Guarded::action('updated_option', function ($name, $before, $after): void {
            $this->look(self::WATCHED, 'option-updated', (string) $name, $before, $after);
        }, 10, 3);
        Guarded::action('added_option', function ($name, $after): void {
            $this->look(self::WATCHED, 'option-updated', (string) $name, null, $after);
        }, 10, 2);
        Guarded::action('deleted_option', function ($name): void {
            $this->look(self::WATCHED, 'option-deleted', (string) $name, null, null);
        });
        if (is_multisite()) {
            Guarded::action('update_site_option', function ($name, $after, $before): void {
                $this->look(self::WATCHED_OF_NETWORK, 'option-updated', (string) $name, $before, $after);
            }, 10, 3);
        }
    }

    /**
     * @param array<string, string> $watched
     * @param mixed $before
     * @param mixed $after
     */
    private function look(array $watched, string $action, string $name, $before, $after): void
    {
        if (!isset($watched[$name])) {
            return;
        }
        $kind = $watched[$name];
        $persons = new Subjects();
        if ($kind === 'address') {
            $persons->add('contact', 'email', is_string($before) ? $before : '')->add('contact', 'email', is_string($after) ? $after : '');
        }
        $this->journal->urgent('configuration', $action, [
            'wordpress.option.name' => $name,
            'wordpress.option.old' => self::told($kind, $before),
            'wordpress.option.new' => self::told($kind, $after),
            'wordpress.option.scope' => $watched === self::WATCHED_OF_NETWORK ? 'network' : null,
            'wordpress.plugin.slug' => ActingPlugin::slug(),
        ], $persons);
    }

    /**
     * @param mixed $value
     * @return bool|string|null null where the value is not told
     */
    private static function told(string $kind, $value)
    {
        if ($kind === 'role') {
            return is_string($value) && wp_roles()->is_role($value) ? $value : null;
        }
        if ($kind !== 'switch' || !is_scalar($value)) {
            return null;
        }
        $text = is_bool($value) ? ($value ? '1' : '0') : strtolower((string) $value);
        if ($text === '' || $text === '0' || $text === '1') {
            return $text === '1';
        }
        return in_array($text, self::SWITCHES, true) ? $text : null;
    }
}
