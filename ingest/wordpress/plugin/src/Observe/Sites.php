<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Watcher;

/** Sites of a network: made and deleted, and entered by code that acts for somebody who does not belong there. */
final class Sites extends Watcher
{
    /** WordPress' own lists go through all sites. */
    private const MOST_ENTERED = 10;

    /** Pairs that were looked at in this request. @var array<string, true> */
    private array $entered = [];

    public function register(): void
    {
        if (!is_multisite()) {
            return;
        }
        Guarded::action('switch_blog', function ($to, $from = 0, $context = 'switch'): void {
            if ($context === 'switch' && (int) $to !== (int) $from && !isset($this->entered[$from . ' ' . $to])) {
                $this->enter((int) $to, (int) $from);
            }
        }, 10, 3);
        Guarded::action('wp_initialize_site', function ($site): void {
            $this->tell('site-created', $site);
        }, 1000);
        Guarded::action('wp_delete_site', function ($site): void {
            $this->tell('site-deleted', $site);
        });
        Guarded::action('wp_update_site', function ($site, $before): void {
            foreach (['public', 'archived', 'deleted', 'spam', 'domain', 'path'] as $name) {
                if ((string) $site->$name !== (string) $before->$name) {
                    $this->tell('site-updated', $site, ['wordpress.data.fields' => [$name]]);
                }
            }
        }, 10, 2);
    }

    private function enter(int $to, int $from): void
    {
        $user = $this->journal->context()->user();
        if ($user === null || is_network_admin() || count($this->entered) >= self::MOST_ENTERED) {
            return;
        }
        $this->entered[$from . ' ' . $to] = true;
        if (!is_super_admin($user->ID) && !is_user_member_of_blog($user->ID, $to)) {
            $this->journal->record('iam', 'site-entered', [
                'wordpress.target.kind' => 'site',
                'wordpress.target.name' => (string) $to,
                'wordpress.blog.id' => $to,
                'wordpress.blog.switched_from' => $from,
            ]);
        }
    }

    /**
     * @param mixed $site
     * @param array<string, mixed> $fields
     */
    private function tell(string $action, $site, array $fields = []): void
    {
        $this->journal->urgent('configuration', $action, $fields + [
            'wordpress.target.kind' => 'site',
            'wordpress.target.name' => $site instanceof \WP_Site ? (string) $site->blog_id : null,
        ]);
    }
}
